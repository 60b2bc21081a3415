/**
 * Reads one category of system information, named by its argument, and writes it as JSON. A process
 * of its own: see source.ts. It changes nothing on the computer.
 */
import { systemCategories } from "@handrail/protocol";
import { readers } from "./readers.ts";

const wanted = process.argv[2];
const category = systemCategories.find((each) => each === wanted);
if (!category) throw new Error("which category?");
process.stdout.write(JSON.stringify(await readers[category]()));
