/**
 * The toolkit's base library tries an empty style element when it loads, and takes its nonce from
 * this meta element; without it, the page's content security policy reports a violation.
 */
const script = document.currentScript;
if (script?.nonce !== undefined && script.nonce !== "") {
  const meta = document.createElement("meta");
  meta.setAttribute("property", "csp-nonce");
  meta.content = script.nonce;
  document.head.append(meta);
}
