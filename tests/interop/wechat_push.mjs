// Plays WeChat with other people's encryption: npm wechat-crypto or npm @wecom/crypto.
// Reads a JSON line each: {"library", "url", "account": {"appid", "token", "key", "mode", "format"},
// "openid", "fields"}; posts what they make to the url; answers {"status", "body", "message"} with
// the opened passive reply, or {"vectors"} for {"library", "vectors": true}.
import { createInterface } from "node:readline";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const WXBizMsgCrypt = require("wechat-crypto");
const wecom = require("@wecom/crypto");
const OURS = "gh_000000000000";

const LIBRARIES = {
  "wechat-crypto": ({ token, key, appid }) => {
    const crypto = new WXBizMsgCrypt(token, key, appid);
    return {
      sign: (timestamp, nonce, sealed) => crypto.getSignature(timestamp, nonce, sealed),
      seal: (text) => crypto.encrypt(text),
      open: (sealed) => crypto.decrypt(sealed),
    };
  },
  "@wecom/crypto": ({ token, key, appid }) => ({
    sign: (timestamp, nonce, sealed) => wecom.getSignature(token, timestamp, nonce, sealed),
    seal: (text) => wecom.encrypt(key, text, appid),
    open: (sealed) => wecom.decrypt(key, sealed),
  }),
};

const write = (format, fields) =>
  format === "json"
    ? JSON.stringify(fields)
    : "<xml>" + Object.entries(fields).map(([k, v]) => `<${k}><![CDATA[${v}]]></${k}>`).join("\n") + "</xml>";

const read = (text, name) => {
  if (text.startsWith("{")) return String(JSON.parse(text)[name]);
  const found = new RegExp(`<${name}>(?:<!\\[CDATA\\[)?(.*?)(?:\\]\\]>)?</${name}>`, "s").exec(text);
  return found ? found[1] : null;
};

async function push({ library, url, account, openid, fields }) {
  const { sign, seal, open } = LIBRARIES[library](account);
  const timestamp = String(Math.floor(Date.now() / 1000));
  const nonce = String(Math.floor(Math.random() * 1e10));
  const plain = { ToUserName: OURS, FromUserName: openid, CreateTime: timestamp, ...fields };
  const query = { signature: sign(timestamp, nonce), timestamp, nonce, openid };
  let body = write(account.format, plain);
  if (account.mode !== "plain") {
    const Encrypt = seal(body);
    Object.assign(query, { encrypt_type: "aes", msg_signature: sign(timestamp, nonce, Encrypt) });
    body = write(account.format, { ...(account.mode === "compat" ? plain : { ToUserName: OURS }), Encrypt });
  }
  const answer = await fetch(`${url}?${new URLSearchParams(query)}`, { method: "POST", body });
  const text = await answer.text();
  if (answer.status !== 200 || text === "success") return { status: answer.status, body: text, message: null };
  let reply = text;
  if (account.mode !== "plain") {
    const sealed = read(text, "Encrypt");
    if (sign(read(text, "TimeStamp"), read(text, "Nonce"), sealed) !== read(text, "MsgSignature"))
      throw new Error("the reply is not signed");
    const opened = open(sealed);
    if (opened.id !== account.appid) throw new Error("the reply is for another account");
    reply = opened.message;
  }
  const names = ["ToUserName", "FromUserName", "MsgType", "Content"];
  return { status: 200, body: text, message: Object.fromEntries(names.map((name) => [name, read(reply, name)])) };
}

function vectors({ library, account }) {
  const { sign, open } = LIBRARIES[library](account);
  const sealed = "4ByGGj+sVCYcvGeQYhaKIk1o0pQRNbRjxybjTGblXrBaXlTXeOo1+bXFXDQQb1o6co6Yh9Bv41n7hOchLF6p+Q==";
  return { signature: sign("1411443780", "437374425", sealed), message: open(sealed).message };
}

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  let answer;
  try {
    answer = asked.vectors ? vectors(asked) : await push(asked);
  } catch (error) {
    answer = { error: String(error) };
  }
  console.log(JSON.stringify(answer));
}
