/**
 * Takes the buttons out that copy a block of code. On a page of declarations nobody copies one, and each button has its whole text once more:
 * a quarter of the page.
 */
export function withoutCopyButtons(html: string): string {
  return html.replaceAll(/<div class="copy">(?:(?!<\/button>)[\s\S])*<\/button><\/div>/g, "");
}
