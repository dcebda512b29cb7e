// Drives npm co-wechat-api against an API at a given address.
//   node co_wechat_api.mjs BASE APPID SECRET
// Reads a JSON line {"call": name, "args": [...]} each, answers {"result"} or {"error", "code"}.
import { createInterface } from "node:readline";
import { createRequire } from "node:module";

const API = createRequire(import.meta.url)("co-wechat-api");
const [base, appid, secret] = process.argv.slice(2);
const api = new API(appid, secret);
api.prefix = `${base}/cgi-bin/`;
api.snsPrefix = `${base}/sns/`;

for await (const line of createInterface({ input: process.stdin })) {
  const { call, args } = JSON.parse(line);
  const given = args.map((arg) => (arg?.base64 === undefined ? arg : Buffer.from(arg.base64, "base64")));
  let answer;
  try {
    const result = await api[call](...given);
    answer = { result: Buffer.isBuffer(result) ? { base64: result.toString("base64") } : result };
  } catch (error) {
    answer = { error: error.message, code: error.code ?? null };
  }
  console.log(JSON.stringify(answer));
}
