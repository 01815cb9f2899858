import { Text as InkText, type TextProps as InkTextProps } from "ink";
import type { ReactElement } from "react";
import type { SafeText } from "./safe-text.ts";
import type { StyledText } from "./styled.ts";

/** What may be drawn: text that went through a door of `safe-text.ts`, and elements. A bare string may not. */
export type Printable =
  | SafeText
  | StyledText
  | ReactElement
  | number
  | boolean
  | null
  | undefined
  | readonly Printable[];

/** Ink's text properties, with children that are known to be safe. */
export type TextProps = Omit<InkTextProps, "children"> & { readonly children?: Printable };

/**
 * Draws text. This is the only place that knows Ink's own `Text`, which lets live control sequences
 * through inside links: an untrusted string does not compile here. Write literals as ``{safe`text`}``.
 */
export function Text({ children, ...rest }: TextProps): ReactElement {
  return <InkText {...rest}>{children}</InkText>;
}
