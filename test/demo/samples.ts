import { administrator, type Reached } from "../support/appliance.ts";
import { connectConsole } from "../support/party.ts";
import { accessToken, Admin } from "../support/signed-in.ts";

/** The team of the demonstration; each representative of it is a member. */
export const team = "Service desk";

/** What an administrator defines at /login for all sessions: where it is kept, and what. */
const definitions = {
  "canned-messages": [
    {
      ...{ title: "Greeting", language: "en" },
      text: "Hello ${session.customer.name}, this is ${session.representative.name}. May I have a look at it with you?",
    },
    {
      ...{ title: "Please save your work", language: "en" },
      text: "Please save what you are working on: I am about to restart ${session.customer.computer}.",
    },
    {
      ...{ title: "Goodbye", language: "en" },
      text: "That should be all. Thank you for your patience!",
    },
    {
      ...{ title: "Salutation", language: "fr" },
      text: "Bonjour ${session.customer.name}, ici ${session.representative.name}. On regarde cela ensemble ?",
    },
    {
      ...{ title: "Veuillez enregistrer", language: "fr" },
      text: "Veuillez enregistrer votre travail : je vais redémarrer ${session.customer.computer}.",
    },
  ],
  fields: [
    {
      ...{ name: "Cause", kind: "choice", isRequired: true },
      choices: ["Device", "Program", "Network", "A question"],
    },
    { name: "Device number", kind: "text", choices: [], isRequired: false },
  ],
  questions: [
    {
      ...{ audience: "customer", kind: "scale" },
      text: { en: "How do you like the help?", fr: "Êtes-vous satisfait de l’aide ?" },
    },
    {
      ...{ audience: "customer", kind: "yes-no" },
      text: { en: "Does everything work again?", fr: "Tout fonctionne-t-il de nouveau ?" },
    },
    {
      ...{ audience: "representative", kind: "yes-no" },
      text: { en: "Is the cause gone for good?", fr: "La cause est-elle écartée pour de bon ?" },
    },
  ],
  "special-actions": [
    {
      name: { en: "Empty the Trash", fr: "Vider la corbeille" },
      command: 'rm -rf -- "${XDG_DATA_HOME:-$HOME/.local/share}/Trash"',
      ...{ platform: "linux", teams: [] },
      question: {
        en: "May everything in the trash be deleted for good?",
        fr: "Tout ce qui est dans la corbeille peut-il être supprimé définitivement ?",
      },
    },
    {
      name: { en: "Make Previews Anew", fr: "Refaire les aperçus" },
      command: 'rm -rf -- "${XDG_CACHE_HOME:-$HOME/.cache}/thumbnails"',
      ...{ platform: "linux", teams: [], question: { en: "", fr: "" } },
    },
  ],
} as const;

const scripts = [
  `---
name: Where the space went
description: How full the disks are, and the largest folders of the customer
platforms: [linux]
categories: [Disk]
---
#!/bin/bash
set -u
echo "Disks of \${session.customer.computer}:"
df -h --output=target,size,used,pcent -x tmpfs -x devtmpfs
echo
echo "Largest folders of \${session.customer.name}:"
cd && du -xh --max-depth=2 2>/dev/null | sort -rh | head -5
`,
  `---
name: Is the network well?
description: Addresses, the way out, and whether names are found
platforms: [linux]
categories: [Network]
---
#!/bin/bash
set -u
echo "Addresses: $(hostname -I)"
awk '$2 == "00000000" { print "The way out is " $1 }' /proc/net/route
grep nameserver /etc/resolv.conf || echo "No server for names is set."
`,
  `---
name: Errors of the last hour
description: What the computer has complained about lately
platforms: [linux]
categories: [System]
needs: [system]
---
#!/bin/bash
set -u
journalctl --since "-1 hour" --priority err --no-pager 2>/dev/null ||
  echo "This computer keeps no journal."
`,
] as const;

/** Gives a new site what one has after its first weeks, each by the way that people define it. */
export async function addSamples(appliance: Reached): Promise<void> {
  const admin = new Admin(appliance);
  await admin.signIn();
  for (const [where, bodies] of Object.entries(definitions)) {
    for (const body of bodies) await add(admin, where, body);
  }
  await add(admin, "teams", { name: team, members: [await idOf(admin, administrator.name)] });
  await using console = await connectConsole(appliance.url, await accessToken(appliance));
  for (const document of scripts) await console.call("script.save", { revision: 0, document });
  await console.leave();
}

/** Makes somebody a member of the sample team, too. */
export async function joinTeam(admin: Admin, name: string): Promise<void> {
  const { teams } = await admin.json<{ teams: { id: string; members: string[] }[] }>("teams");
  const id = await idOf(admin, name);
  for (const each of teams) {
    const answer = await admin.write(
      `teams/${each.id}`,
      { members: [...each.members, id] },
      "PATCH",
    );
    if (answer.status !== 200) throw new Error(`${name} cannot join: ${answer.text}`);
  }
}

async function add(admin: Admin, where: string, body: unknown): Promise<void> {
  const answer = await admin.write(where, body);
  if (answer.status !== 201) throw new Error(`${where} takes no sample: ${answer.text}`);
}

async function idOf(admin: Admin, name: string): Promise<string> {
  interface Listed {
    representatives: { id: string; name: string }[];
  }
  const { representatives } = await admin.json<Listed>("representatives");
  const found = representatives.find((each) => each.name === name);
  if (!found) throw new Error(`there is no ${name}`);
  return found.id;
}
