// The service binding: for Workers that guard an API of their own.
import { WorkerEntrypoint } from "cloudflare:workers";
import { answer, internalError } from "./answer.js";
import { browse, decideForWorker, isAnswer, leavesWork, mayComeFromPage, settle } from "./check.js";
import { readLines } from "./headers.js";
import { ready, settings } from "./instance.js";
import { tellPage } from "./pages.js";

export class Gate extends WorkerEntrypoint {
  // May this request pass? Takes a request's `method`, absolute `url`, `headers` and, where it is a form that may be
  // signed, `body`. Gives
  // - `{ passes: true, headers, answerHeaders }`: who calls, and what the caller is told in the answer, as Headers
  // - `{ passes: false, response }`: the answer to give
  async check({ method = "GET", url, headers, body }) {
    const { env, ctx } = this;
    try {
      const hasBody = method !== "GET" && method !== "HEAD";
      const request = new Request(url, { method, headers, body: hasBody ? body : undefined });
      ready(env);
      const page = mayComeFromPage(request) ? browse(request, settings.askers.worker) : undefined;
      if (page !== undefined && page.charCodeAt(0) !== settings.codes.tellPage) return verdict(page);

      const decision = await decideForWorker(request, env);
      if (leavesWork(decision)) settle(env, ctx);
      const decided = verdict(decision);
      if (page !== undefined) tellPage(decided.answerHeaders ?? decided.response.headers, page.slice(1));
      return decided;
    } catch (error) {
      return { passes: false, response: internalError(error) };
    }
  }
}

function verdict(decision) {
  if (isAnswer(decision)) return { passes: false, response: answer(decision) };
  const [forApi, forCaller] = decision.slice(1).split("\n\n");
  return { passes: true, headers: readLines(forApi), answerHeaders: readLines(forCaller) };
}
