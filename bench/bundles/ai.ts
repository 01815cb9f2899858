import { generateText, type LanguageModel } from "ai";

const { model } = globalThis as unknown as { readonly model: LanguageModel };
const { text } = await generateText({ model, instructions: "Write.", prompt: "Two lines on tea." });
console.log(text);
