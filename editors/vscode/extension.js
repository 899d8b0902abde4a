const { workspace } = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

const LANGUAGES = ["markdown", "latex", "tex", "plaintext"];
let client;

exports.activate = () => {
  const command = workspace.getConfiguration("truestep").get("command");
  const documentSelector = LANGUAGES.map((language) => ({ scheme: "file", language }));
  client = new LanguageClient("truestep", "truestep", { command, args: ["lsp"] }, { documentSelector });
  return client.start();
};

exports.deactivate = () => client && client.stop();
