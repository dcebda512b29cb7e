// npm co-wechat behind koa: somebody else's webhook, to compare ours with.
//   node co_wechat_server.mjs TOKEN APPID [ENCODINGAESKEY]
// Writes its port on a line; ends with standard input.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const Koa = require("koa");
const wechat = require("co-wechat");
const [token, appid, encodingAESKey] = process.argv.slice(2);

const app = new Koa();
app.silent = true; // what cannot be read is answered with 500, and not printed
app.use(wechat({ token, appid, encodingAESKey }).middleware(async () => "ok"));
const server = app.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
