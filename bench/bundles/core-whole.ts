import * as whole from "@orch/core";

console.log(whole);
