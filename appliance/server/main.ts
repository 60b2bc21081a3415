/**
 * The appliance's program, started by the service manager, by the demo and by the tests. The only
 * file that reads the environment, together with the `handrail` command.
 */
import { tuneRuntime } from "./runtime.ts";

tuneRuntime(process.env);
// Loaded only now: what is begun again need not be loaded twice.
const { serve } = await import("./serve.ts");
await serve(process.env);
