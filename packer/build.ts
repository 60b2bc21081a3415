/**
 * Builds the appliance's image, stage by stage, into packer/dist: `npm run image`. What has not
 * changed since it was made is not made again, so a build that failed goes on where it stopped. Needs
 * root (mmdebstrap, chroot), Debian's tools of toolset.json, and whatever `npm run image` installed
 * and built before it called this.
 */
import { parseArgs } from "node:util";
import { base } from "./image/base.ts";
import { exported } from "./image/export.ts";
import { byChroot, byPacker, disk } from "./image/machine.ts";
import { papers } from "./image/papers.ts";
import { payload, release } from "./image/payload.ts";
import { root } from "./image/places.ts";
import { versionOf } from "./release/contents.ts";
import { SigningKey } from "./image/signing-key.ts";
import { runStages } from "./image/stage.ts";
import { checkTools } from "./image/toolset.ts";
import { makeSeed } from "./seed/make.ts";

const usage = `Usage: npm run image -- [options]
  --fast            provisions without starting a machine: seconds, for everyday work
  --from STAGE      makes this stage and all after it again
  --until STAGE     stops after this stage
  --key FILE        private key (Ed25519, PEM) that signs; without it one is made for this machine
  --accelerator A   QEMU's, for Packer's machine: tcg (default) or kvm
       npm run image -- seed FILE.json [--out FILE.iso]
                    makes the disk with which a new appliance sets itself up`;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      fast: { type: "boolean", default: false },
      from: { type: "string" },
      until: { type: "string" },
      key: { type: "string" },
      accelerator: { type: "string", default: "tcg" },
      out: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const [verb, file, ...rest] = positionals;
  if (values.help || rest.length > 0) return say(usage);
  if (verb === "seed" && file !== undefined) return say(await makeSeed(file, values.out));
  if (verb !== undefined) return say(usage);
  if (process.getuid?.() !== 0) throw new Error("An image is built as root: use sudo.");
  await checkTools();
  const startedAt = performance.now();
  const key = await SigningKey.find(values.key);
  if (!key.isGiven) say(`No --key: ${key.file} signs, which no other machine knows.`);
  const { accelerator, fast } = values;
  const version = versionOf(root);
  const provisioning = { version, accelerator };
  const stages = [
    base,
    ...(fast ? [] : [disk]),
    release(),
    payload(async () => [key.publicFile]),
    fast ? byChroot(provisioning) : byPacker(provisioning),
    exported(version),
    papers(version, key),
  ];
  await runStages(stages, { from: values.from, until: values.until, say });
  say(`Built in ${((performance.now() - startedAt) / 60_000).toFixed(1)} minutes: packer/dist/out`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
