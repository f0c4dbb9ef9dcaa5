// The sample API, as `cargo xtask serve` has it behind the gate.
export { default } from "../sample-api/src/index.js";
