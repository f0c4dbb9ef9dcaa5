// The Worker's way in: requests, the service binding for other Workers, and the Durable Objects.
import { handle } from "./check.js";
import { forward } from "./forward.js";

export { Gate } from "./binding.js";
export { handle };
export * from "./objects.js";

// An object and not a class: of a class, the runtime makes an instance for every request.
export default { fetch: (request, env, ctx) => handle(request, env, ctx, forward) };
