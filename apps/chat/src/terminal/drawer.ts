/** Whoever draws on the terminal, and can give it away for a while. */
export interface Drawer {
  /** Gives the terminal its modes back while `act` runs, then takes it again and paints. */
  readonly suspend: (act: () => Promise<void>) => Promise<void>;
  /** Paints the screen anew. */
  readonly repaint: () => void;
}
