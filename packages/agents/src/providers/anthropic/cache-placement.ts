/**
 * Where the mark goes. `automatic`: the API puts it behind the newest block, so that each turn reads the turns
 * before from the cache. `prefix`: behind the instructions and tools, for many short conversations that share
 * them. `marked`: only where a message has `cache`.
 */
export type CachePlacement = "automatic" | "prefix" | "marked";
