// A bare Worker that forwards every request over a service binding.
export default { fetch: (request, env) => env.UPSTREAM.fetch(request) };
