import { randomUUID } from "node:crypto";
import { redirect } from "next/navigation";
import { Conversation } from "./conversation.tsx";

/** The page. The id of the conversation stands in the address, so that a page that is loaded again goes on. */
export default async function Page({
  searchParams,
}: {
  readonly searchParams: Promise<{ readonly chat?: string | string[] }>;
}) {
  const { chat } = await searchParams;
  if (typeof chat !== "string") redirect(`/?chat=${randomUUID()}`);
  return <Conversation id={chat} />;
}
