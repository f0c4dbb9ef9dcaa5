// hono with its own middleware for Bearer Tokens, which are kept in KV.
import { Hono } from "hono";
import { bearerAuth } from "hono/bearer-auth";

const app = new Hono();
const verifyToken = async (token, context) => (await context.env.KV.get(`hono/${token}`)) !== null;
app.use("*", bearerAuth({ verifyToken }));
app.get("*", (context) => context.text("ok"));

export default app;
