import { existsSync } from "node:fs";
import type { Clock } from "../clock.ts";
import { readSettings } from "../config.ts";
import { Health } from "./health.ts";
import { type MachineConfig, readMachineConfig } from "./machine-config.ts";
import { type Progress, Updater } from "./updater.ts";

/**
 * The updater of this appliance, by the settings of the machine and of its server.
 * @throws ConfigError; UpdateError `not-installed` where there are no releases
 */
export function openUpdater(
  env: NodeJS.ProcessEnv,
  clock: Clock,
  told: (progress: Progress) => void,
): Updater {
  const config = readMachineConfig(env);
  const health = new Health(readSettings(withServerConfig(env, config)), clock);
  return new Updater({ config, health, clock, told });
}

/** The environment with the server's own file of settings, where nothing else is named. */
function withServerConfig(
  env: NodeJS.ProcessEnv,
  { serverConfigFile }: MachineConfig,
): NodeJS.ProcessEnv {
  if (env.HANDRAIL_CONFIG !== undefined || !existsSync(serverConfigFile)) return env;
  return { ...env, HANDRAIL_CONFIG: serverConfigFile };
}
