import { HandrailError } from "../error.ts";
import { Reader, Writer } from "./buffer.ts";

/** One declared part of a binary layout: how it is written and how it is read back. */
export interface Field<T> {
  write(writer: Writer, value: T): void;
  read(reader: Reader): T;
}

/** The type that a declared layout reads and writes. */
export type ValueOf<F> = F extends Field<infer T> ? T : never;

type Fields = Readonly<Record<string, Field<unknown>>>;
type StructValue<F extends Fields> = { [K in keyof F]: ValueOf<F[K]> };

export const u8: Field<number> = {
  write: (writer, value) => writer.u8(value),
  read: (reader) => reader.u8(),
};
export const u16: Field<number> = {
  write: (writer, value) => writer.u16(value),
  read: (reader) => reader.u16(),
};
export const i16: Field<number> = {
  write: (writer, value) => writer.i16(value),
  read: (reader) => reader.i16(),
};
export const u32: Field<number> = {
  write: (writer, value) => writer.u32(value),
  read: (reader) => reader.u32(),
};
export const varint: Field<number> = {
  write: (writer, value) => writer.varint(value),
  read: (reader) => reader.varint(),
};

/** One byte, 0 or 1; anything else is refused. */
export const flag: Field<boolean> = {
  write: (writer, value) => writer.u8(value ? 1 : 0),
  read: (reader) => {
    const value = reader.u8();
    if (value > 1) throw new HandrailError("protocol-violation", "a flag is 0 or 1");
    return value === 1;
  },
};

/** One of some words, each as the byte that the table gives it; any other byte is refused. */
export function choice<T extends string>(numbers: Readonly<Record<T, number>>): Field<T> {
  const entries = Object.entries<number>(numbers);
  // Its keys are exactly the words.
  const words = new Map(entries.map(([word, number]) => [number, word as T]));
  return {
    write: (writer, value) => writer.u8(numbers[value]),
    read: (reader) => {
      const number = reader.u8();
      const word = words.get(number);
      if (word === undefined) throw new HandrailError("protocol-violation", `no word ${number}`);
      return word;
    },
  };
}

/** The bytes up to the end of the message, a view of what was received. */
export const rest: Field<Uint8Array> = {
  write: (writer, value) => writer.bytes(value),
  read: (reader) => reader.bytes(reader.remaining),
};

/** Bytes with their length before them, as a varint; read as a view of what was received. */
export function blob(maxBytes: number): Field<Uint8Array> {
  return {
    write: (writer, value) => {
      if (value.length > maxBytes) throw new HandrailError("frame-too-large", "bytes too long");
      writer.varint(value.length);
      writer.bytes(value);
    },
    read: (reader) => {
      const length = reader.varint();
      if (length > maxBytes) throw new HandrailError("frame-too-large", "bytes too long");
      return reader.bytes(length);
    },
  };
}

const encoder = new TextEncoder();
// A byte order mark is a character like any other here; by default it would be swallowed.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** UTF-8 with its length in bytes before it, as a varint; ill-formed UTF-8 is refused. */
export function text(maxBytes: number): Field<string> {
  return {
    write: (writer, value) => {
      const bytes = encoder.encode(value);
      if (bytes.length > maxBytes) throw new HandrailError("frame-too-large", "text too long");
      writer.varint(bytes.length);
      writer.bytes(bytes);
    },
    read: (reader) => {
      const length = reader.varint();
      if (length > maxBytes) throw new HandrailError("frame-too-large", "text too long");
      return decodeText(reader.bytes(length));
    },
  };
}

/** Well-formed UTF-8 as a string. @throws HandrailError `protocol-violation` */
export function decodeText(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new HandrailError("protocol-violation", "ill-formed UTF-8", { cause });
  }
}

/** A string as UTF-8. */
export function encodeText(value: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(value);
}

/** A count as varint, then that many items. */
export function list<T>(item: Field<T>, maxCount: number): Field<T[]> {
  return {
    write: (writer, values) => {
      if (values.length > maxCount) throw new HandrailError("frame-too-large", "list too long");
      writer.varint(values.length);
      for (const value of values) item.write(writer, value);
    },
    read: (reader) => {
      const count = reader.varint();
      if (count > maxCount) throw new HandrailError("frame-too-large", "list too long");
      return Array.from({ length: count }, () => item.read(reader));
    },
  };
}

/** Fields one after the other, in the order in which they are declared. */
export function struct<F extends Fields>(fields: F): Field<StructValue<F>> {
  const entries = Object.entries(fields);
  return {
    write: (writer, value) => {
      for (const [name, field] of entries) field.write(writer, value[name]);
    },
    read: (reader) => {
      const value: Record<string, unknown> = {};
      for (const [name, field] of entries) value[name] = field.read(reader);
      // The loop above has read exactly the declared fields, each with its own type.
      return value as StructValue<F>;
    },
  };
}

/** A message of a binary channel: `type u8`, then the layout declared for that type. */
export type Tagged<L extends Record<string, { tag: number; layout: Field<object> }>> = {
  [K in keyof L]: { type: K } & ValueOf<L[K]["layout"]>;
}[keyof L];

/** Encoder and decoder of a set of tagged messages, declared as one table. */
export function tagged<L extends Record<string, { tag: number; layout: Field<object> }>>(
  layouts: L,
): { encode(message: Tagged<L>): Uint8Array<ArrayBuffer>; decode(bytes: Uint8Array): Tagged<L> } {
  const byTag = new Map(Object.entries(layouts).map(([type, l]) => [l.tag, { type, ...l }]));
  return {
    encode: (message) => {
      const entry = layouts[message.type];
      if (!entry) throw new HandrailError("protocol-violation", "unknown message type");
      const writer = new Writer();
      writer.u8(entry.tag);
      entry.layout.write(writer, message);
      return writer.finish();
    },
    decode: (bytes) => {
      const reader = new Reader(bytes);
      const tag = reader.u8();
      const entry = byTag.get(tag);
      if (!entry) throw new HandrailError("protocol-violation", `unknown message type ${tag}`);
      const value = entry.layout.read(reader);
      if (reader.remaining > 0) throw new HandrailError("protocol-violation", "trailing bytes");
      return { type: entry.type, ...value } as Tagged<L>;
    },
  };
}

/** The tags of a set of messages by their names. */
export function tagsOf<L extends Record<string, { tag: number }>>(
  layouts: L,
): { readonly [K in keyof L]: L[K]["tag"] } {
  const entries = Object.entries(layouts).map(([type, { tag }]) => [type, tag]);
  // Each name has got its own tag above.
  return Object.fromEntries(entries) as { [K in keyof L]: L[K]["tag"] };
}
