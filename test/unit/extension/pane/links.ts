import { encodeFrame, Mux, type Channel, type OpenRequest } from "@handrail/protocol";

/** Two ends of a link that are joined without a line; `flow` carries what they have to say. `taken`: a channel was opened. */
export function joinedEnds(taken: (channel: Channel) => void = () => undefined) {
  const opened: { request: OpenRequest; channel: Channel }[] = [];
  const end = (side: "connecting" | "accepting") =>
    new Mux({
      side,
      now: () => 0,
      wake: () => undefined,
      control: () => undefined,
      opened: (request, channel) => {
        opened.push({ request, channel });
        taken(channel);
      },
    });
  const console = end("connecting");
  const appliance = end("accepting");
  const carry = (from: Mux, to: Mux): boolean => {
    const frame = from.pull();
    if (frame) to.receive(encodeFrame(frame));
    return frame !== undefined;
  };
  const flow = () => {
    while (carry(console, appliance) || carry(appliance, console));
  };
  return { console, appliance, opened, flow };
}
