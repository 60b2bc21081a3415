import { z } from "zod";
import {
  customerShape,
  lineText,
  lsidShape,
  personText,
  representativeIdShape,
} from "../session/state.ts";

/** Where a link is made: `wss://<site>/link`, WebSocket subprotocol `handrail`. */
export const linkPath = "/link";
/** The WebSocket subprotocol (RFC 6455 section 1.9). */
export const linkSubprotocol = "handrail";
/** Longest text message before the welcome, bytes. */
export const maxHelloBytes = 16 * 1024;
/** How long a link may be away before it cannot be resumed, ms. */
export const resumeWithinMs = 5 * 60_000;
/** Both ends send a PING this often when idle; no frame for three times as long is a dead line. */
export const heartbeatMs = 15_000;

const program = z.object({
  name: personText(64),
  version: personText(32),
  platform: personText(100),
});

/** Continues a link that lost its socket. `received`: counted frames taken so far. */
const resume = z.object({ token: z.string().max(128), received: z.int().nonnegative() });

/**
 * The first message, as text, from the end that connected. Everything after `welcome` is frames.
 * A customer proves itself by a session key or by the ticket that the portal exchanged it for; a
 * console by its access token.
 */
export const helloShape = z.discriminatedUnion("role", [
  z.object({
    role: z.literal("console"),
    versions: z.array(z.int()).max(32),
    program,
    accessToken: z.string().max(4096),
    resume: resume.optional(),
  }),
  z.object({
    role: z.literal("customer"),
    versions: z.array(z.int()).max(32),
    program,
    credential: z.union([
      z.object({ key: z.string().max(64) }),
      z.object({ ticket: z.string().max(128) }),
      /** Of `session.return`, after a restart of the computer. */
      z.object({ returning: z.string().max(128) }),
    ]),
    customer: customerShape,
    resume: resume.optional(),
  }),
]);
export type Hello = z.infer<typeof helloShape>;

/** What the appliance answers, as text. After `refused` it closes the socket. */
export const welcomeShape = z.discriminatedUnion("answer", [
  z.object({
    answer: z.literal("welcome"),
    version: z.int(),
    siteName: lineText,
    /** Continue with this after a dropped line. A secret. */
    resumeToken: z.string(),
    /** Whether the earlier link goes on; if not, all channels are gone and must be opened anew. */
    resumed: z.boolean(),
    /** Counted frames that the appliance has received on the resumed link, else 0. */
    received: z.int().nonnegative(),
    /** After an outage, wait a random time up to this before connecting again, ms. */
    spreadMs: z.int().nonnegative(),
    /** For a console. */
    representative: z.object({ id: representativeIdShape, name: lineText }).optional(),
    /** For a customer: its session, and the ticket with which it may come back to it. */
    session: z.object({ lsid: lsidShape, ticket: z.string() }).optional(),
  }),
  z.object({ answer: z.literal("refused"), code: z.string(), message: z.string() }),
]);
export type Welcome = z.infer<typeof welcomeShape>;
