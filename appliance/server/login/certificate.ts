import { HandrailError, requestKeys, tlsSettingsShape } from "@handrail/protocol";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { BrowserSessions } from "../auth/browser-session.ts";
import type { CertificateDesk } from "../certificate/desk.ts";
import { namesShape } from "../certificate/names.ts";
import { administrator, read } from "./context.ts";

/** What the page of the certificate rests on. */
export interface CertificateOptions {
  readonly browserSessions: BrowserSessions;
  readonly certificateDesk: CertificateDesk;
}

const pem = z.string().max(48 * 1024);
const proposalForm = z.strictObject({ certificate: pem, key: pem.optional() });
const handsOver = z.boolean();
const useForm = proposalForm.extend({ handsOver });
const ownForm = z.strictObject({ names: namesShape, handsOver });
const requestForm = z.strictObject({ names: namesShape, key: z.enum(requestKeys) });

/** The appliance's certificate and how it takes TLS, for administrators. */
export function certificateRoutes(app: FastifyInstance, options: CertificateOptions): void {
  const { browserSessions, certificateDesk: desk } = options;

  /** GET certificate → `CertificateView`. Only the appliance knows its keys. */
  app.get("/certificate", async (request) => {
    await administrator(browserSessions, request);
    return desk.view;
  });

  /** POST certificate/check `{certificate, key?}` → `Judgement`; changes nothing. */
  app.post("/certificate/check", async (request) => {
    await administrator(browserSessions, request);
    return desk.check(read(proposalForm, request.body));
  });

  /** POST certificate/use `{certificate, key?, handsOver}` → `Judgement`; shown when it is `ok`. */
  app.post("/certificate/use", async (request) => {
    const { account: by } = await administrator(browserSessions, request);
    const { handsOver: isLed, ...proposal } = read(useForm, request.body);
    return desk.use(proposal, { handsOver: isLed, by });
  });

  /** POST certificate/own `{names, handsOver}` → `{}`: a new one of the appliance's own make. */
  app.post("/certificate/own", async (request) => {
    const { account: by } = await administrator(browserSessions, request);
    const form = read(ownForm, request.body);
    await desk.makeOwn(form.names, { handsOver: form.handsOver, by });
    return {};
  });

  /** POST certificate/request `{names, key}` → 201 `{pem}`, in the place of one that waits. */
  app.post("/certificate/request", async (request, reply) => {
    const { account: by } = await administrator(browserSessions, request);
    const { names, key } = read(requestForm, request.body);
    return reply.status(201).send({ pem: await desk.request(names, key, by) });
  });

  /** GET certificate/request → the request that waits, as a file in PEM; `not-found` for none. */
  app.get("/certificate/request", async (request, reply) => {
    await administrator(browserSessions, request);
    const waiting = desk.view.request;
    if (!waiting) throw new HandrailError("not-found", "no request waits");
    return reply
      .type("application/pkcs10")
      .header("content-disposition", 'attachment; filename="certificate-request.pem"')
      .send(waiting.pem);
  });

  /** DELETE certificate/request → `{}`: the request that waits is forgotten, with its key. */
  app.delete("/certificate/request", async (request) => {
    const { account: by } = await administrator(browserSessions, request);
    await desk.dropRequest(by);
    return {};
  });

  /** PATCH tls `TlsSettings` → `{}`; `bad-request` when a version would be left without a cipher. */
  app.patch("/tls", async (request) => {
    const { account: by } = await administrator(browserSessions, request);
    await desk.changeTls(read(tlsSettingsShape, request.body), by);
    return {};
  });
}
