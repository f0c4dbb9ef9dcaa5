// What a Worker costs that does nothing: all others are compared with it.
export default { fetch: () => new Response("ok") };
