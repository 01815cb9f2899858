/** Tools of MCP servers. */
export {};
