/** The plan of the house: the rooms of a package, which are the folders in its `src`, and which room sees which. */

/** The rooms of one package. */
export interface Plan {
  /** Each room with the rooms below it. It sees these, and all that they see. Without it, only cycles are refused. */
  readonly rooms?: { readonly [room: string]: readonly string[] };
  /** Rooms that may load doors of their own package, lazily, as a user would. Each has its reason beside it. */
  readonly lazyDoors?: readonly string[];
  /** Files that may stand in the root of `src` beside the doors that `package.json` names. */
  readonly root?: readonly string[];
}

/** The plans, by the folder of the package. */
export const plans: { readonly [folder: string]: Plan } = {
  "packages/core": {
    rooms: {
      platform: [],
      words: ["platform"],
      errors: ["words"],
      kernel: ["errors"],
      run: ["kernel"],
      define: ["run"],
      durable: ["define"],
      driver: ["durable"],
      draw: ["words"],
    },
  },
  "packages/chat-runtime": {
    rooms: {
      errors: [],
      session: ["errors"],
      configurations: ["errors"],
      middleware: ["configurations"],
      turn: ["configurations", "session"],
      runtime: ["turn"],
    },
  },
  "packages/sqlite": {
    rooms: { errors: [], database: ["errors"], run: ["database"], session: ["run"], repair: ["session"] },
  },
  "packages/restate": {
    rooms: { words: [], errors: [], client: ["words", "errors"], worker: ["client"] },
  },
  "packages/testing": {
    rooms: {
      errors: [],
      clock: ["errors"],
      coverage: [],
      evals: ["errors"],
      model: ["errors", "clock"],
      store: ["errors"],
      session: ["store"],
      sweep: ["errors"],
      host: ["clock", "store"],
    },
  },
  "packages/agents": {
    rooms: {
      platform: [],
      words: ["platform"],
      errors: ["words"],
      model: ["errors"],
      schema: ["errors"],
      agent: ["model", "schema"],
      calls: ["agent"],
      run: ["calls"],
      compaction: ["agent"],
      tools: ["agent"],
      providers: ["tools"],
      observe: ["model"],
    },
    // A name of a model is resolved to a door, which `browser` in package.json can leave out of a bundle.
    lazyDoors: ["providers"],
  },
  "packages/server": {
    rooms: {
      errors: [],
      words: [],
      view: ["words", "errors"],
      runs: ["view"],
      conversations: ["runs"],
      web: ["view"],
      guard: ["web"],
      reply: ["web"],
      a2a: ["reply"],
      openai: ["reply"],
      mcp: ["reply"],
      doors: ["a2a", "openai", "mcp"],
      "ai-sdk": ["reply"],
      "ag-ui": ["reply"],
      server: ["conversations", "web"],
      node: ["server"],
    },
  },
  "packages/react": {
    rooms: { platform: [], wire: ["platform"], run: ["wire"], chat: ["wire"] },
  },
  // One small program, which is one room.
  "packages/create-orch": {
    root: [
      "args.ts",
      "cli.ts",
      "create.ts",
      "create-doors.ts",
      "folder-problem.ts",
      "node-problem.ts",
      "system-doors.ts",
      "template.ts",
      "written-project.ts",
    ],
  },
  "apps/chat": {
    root: ["cli.ts", "main.ts", "interactive-setup.ts", "index-worker.ts"],
    rooms: {
      process: [],
      errors: ["process"],
      config: ["errors"],
      terminal: [],
      log: ["terminal"],
      sessions: ["errors", "terminal", "log"],
      input: ["terminal"],
      "full-screen": ["input"],
      transcript: ["errors", "terminal"],
      rail: ["errors", "terminal"],
      "run-view": ["full-screen", "rail", "transcript"],
      orchestrations: ["config"],
      mcp: ["config"],
      "folder-index": ["process"],
      setup: ["mcp", "orchestrations", "sessions", "folder-index"],
      questions: ["input", "transcript", "sessions"],
      commands: ["run-view", "questions"],
      app: ["commands"],
      trust: ["setup", "transcript"],
      headless: ["setup"],
      acp: ["headless", "questions", "rail"],
      serve: ["headless"],
      doctor: ["headless", "trust"],
      runs: ["headless"],
    },
  },
  "apps/docs": {
    rooms: {
      page: [],
      api: ["page"],
      menu: ["api"],
      text: ["menu"],
      source: ["menu"],
      check: ["page"],
    },
  },
};
