/** The door to the types of guardrails; an agent takes them as plain objects. */
export type {
  GuardrailContext,
  GuardrailStop,
  Guardrails,
  GuardrailVerdict,
  InputGuardrail,
  OutputGuardrail,
  ToolGuardrail,
  Trip,
} from "./words/guardrail.ts";
