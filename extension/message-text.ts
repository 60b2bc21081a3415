/**
 * A text for `show…Message` and for progress. VS Code makes links of `[label](command:…)` there, and
 * a click runs the command: words of customers and of sites must not bring any.
 */
export function messageText(text: string): string {
  return text.replaceAll("](", "] (");
}
