import toolset from "../toolset.json" with { type: "json" };
import { output } from "./command.ts";

export { toolset };

/**
 * Sees to it that the machine has the tools that the image is built with.
 * @throws Error that names what is missing or another version
 */
export async function checkTools(): Promise<void> {
  const format = "${db:Status-Status}\t${Package}\t${Version}\n";
  const lines = (await output("dpkg-query", ["-W", "-f", format])).split("\n");
  const installed = new Map(
    lines
      .map((line) => line.split("\t"))
      .filter(([status]) => status === "installed")
      .map(([, name = "", version = ""]) => [name, version]),
  );
  const wrong = Object.entries(toolset.tools)
    .filter(([name, version]) => !installed.get(name)?.startsWith(version))
    .map(([name, version]) => `${name} ${version} (here: ${installed.get(name) ?? "none"})`);
  if (wrong.length > 0) throw new Error(`toolset.json asks for other tools: ${wrong.join(", ")}`);
}
