/** Before a vowel "de" loses its own: d’Ann, de Bob. Names that begin with an h keep it. */
const vowel = /^([aeiouàâäæéèêëîïôöœùûü]|y[^aeiou])/iu;

/** "of" somebody or something of that name, in French. */
export function ofName(name: string): string {
  return vowel.test(name.replace(/^\u2068/u, "")) ? `d’${name}` : `de ${name}`;
}

/** So many of something, in French: none and one are singular. `count`: as it is shown. */
export function counted(count: string, one: string, many: string): string {
  return `${count} ${count === "0" || count === "1" ? one : many}`;
}

/** The same in English. */
export function countedEn(count: string, one: string, many: string): string {
  return `${count} ${count === "1" ? one : many}`;
}
