import type { Permission } from "@handrail/protocol";
import { administrator, type Answer, type Reached } from "./appliance.ts";

/** What one person's browser does at /login: keeps the cookie, sends the secret of its session. */
export class Admin {
  readonly #appliance: Pick<Reached, "ask">;
  cookie = "";
  csrf = "";

  constructor(appliance: Pick<Reached, "ask">) {
    this.#appliance = appliance;
  }

  /** Signs in and learns the secret that writes need. */
  async signIn(name: string = administrator.name, password: string = administrator.password) {
    const answer = await this.write("sign-in", { name, password });
    if (answer.status !== 200) return answer;
    this.cookie = cookieOf(answer);
    const state = JSON.parse((await this.read("state")).text) as { signedIn: { csrf: string } };
    this.csrf = state.signedIn.csrf;
    return answer;
  }

  read(where: string): Promise<Answer> {
    return this.#appliance.ask(`/login/api/${where}`, { headers: { cookie: this.cookie } });
  }

  /** Whoever sends these is signed in, and means it. */
  get headers(): { cookie: string; "x-handrail-csrf": string } {
    return { cookie: this.cookie, "x-handrail-csrf": this.csrf };
  }

  write(where: string, json: unknown, method = "POST"): Promise<Answer> {
    const { headers } = this;
    return this.#appliance.ask(`/login/api/${where}`, { method, headers, json });
  }

  /** The answer as JSON; fails when it was refused. */
  async json<T>(where: string): Promise<T> {
    const answer = await this.read(where);
    if (answer.status !== 200) throw new Error(`${where} was refused: ${answer.text}`);
    return JSON.parse(answer.text) as T;
  }
}

/** The cookie that an answer sets, as it is sent back. */
export function cookieOf(answer: Answer): string {
  const set = answer.headers["set-cookie"];
  return (Array.isArray(set) ? (set[0] ?? "") : (set ?? "")).split(";", 1)[0] ?? "";
}

/** Signs a console in with a credential made for it. Returns the access token. */
export async function accessToken(
  appliance: Pick<Reached, "ask" | "command">,
  name: string = administrator.name,
): Promise<string> {
  const made = await appliance.command("console-credential", "--representative", name);
  const { credential } = JSON.parse(made) as { credential: string };
  const form = new URLSearchParams({
    client_id: "handrail-console",
    grant_type: "urn:handrail:grant:console-credential",
    credential,
  });
  const answer = await appliance.ask("/oauth/token", { form: form.toString() });
  if (answer.status !== 200) throw new Error(`no access token: ${answer.text}`);
  return (JSON.parse(answer.text) as { access_token: string }).access_token;
}

/** Lets everybody who has an account ask for administrator's rights on customers' computers. */
export function allowRights(appliance: Reached): Promise<void> {
  return allow(appliance, "elevate");
}

/** Allows everybody who has an account something that the site denies. */
export async function allow(appliance: Reached, permission: Permission): Promise<void> {
  const admin = new Admin(appliance);
  await admin.signIn();
  const { representatives } = await admin.json<{ representatives: { id: string }[] }>(
    "representatives",
  );
  for (const { id } of representatives) {
    const rules = { [permission]: { setting: "allow" } };
    const answer = await admin.write(`representatives/${id}`, { rules }, "PATCH");
    if (answer.status !== 200) throw new Error(`the rules were refused: ${answer.text}`);
  }
}
