const { commands, window, workspace } = require("vscode");
const { CloseAction, ErrorAction, LanguageClient } = require("vscode-languageclient/node");

const LANGUAGES = ["markdown", "latex", "tex", "plaintext"];
const SETTING = "truestep.command";
const RESTARTS = 3;
let client;

async function lacking(command) {
  const said = `"${command} lsp" does not run. Install it with pip install 'truestep[lsp]', or say where it is.`;
  if (await window.showErrorMessage(said, "Open the setting")) {
    await commands.executeCommand("workbench.action.openSettings", SETTING);
  }
}

exports.activate = async () => {
  const command = workspace.getConfiguration().get(SETTING);
  const documentSelector = LANGUAGES.map((language) => ({ scheme: "file", language }));
  let left = 0; // restarts, none before it has run
  let isTold = false;
  const told = () => {
    if (!isTold) void lacking(command);
    isTold = true;
    return false;
  };
  const errorHandler = {
    error: () => ({ action: ErrorAction.Continue }),
    closed: () => {
      if (left-- > 0) return { action: CloseAction.Restart };
      told();
      return { action: CloseAction.DoNotRestart, handled: true };
    },
  };
  client = new LanguageClient("truestep", "truestep", { command, args: ["lsp"] }, {
    documentSelector,
    errorHandler,
    initializationFailedHandler: told,
  });
  client.start().then(() => (left = RESTARTS), told);
};

exports.deactivate = () => client && client.stop();
