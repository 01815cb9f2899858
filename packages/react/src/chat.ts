/** Chats of an Orch server in `useChat` of the AI SDK. */

export { answersAreComplete } from "./chat/answers-are-complete.ts";
export { type ChatPlace, chatTransport, type OrchChatTransport } from "./chat/chat-transport.ts";
