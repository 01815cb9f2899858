/** The answer to `orch --help`. */
export const helpText = `orch: a chat in the terminal that routes every message through a typed orchestration

  orch                                 opens the chat
  orch "question"                      opens the chat and asks
  orch -p "question"                   answers on standard output and ends
  cat log.txt | orch -p "what broke?"  the piped text goes along as context
  orch run <orchestration> --input file.json   runs with a typed input ("-" reads standard input)
  orch init                            writes orch.config.json and a sample orchestration
  orch sessions                        lists the sessions of this folder
  orch config explain [key]            shows a setting and where it comes from
  orch config trust                    shows what --trust would allow in this folder

Options
  -p, --print               answer and end, without the chat
  -c, --continue            go on with the newest session of this folder
  -r, --resume <id>         go on with a session of this folder
      --orc <name>          which orchestration answers: research, chat, or one of yours
      --model <name>        provider/model, like openai/gpt-5.4-mini or local/extractive
      --output <format>     text (default), json, stream-json, value
      --input <file>        input of "orch run"
      --config <file>       this configuration instead of the project's
      --cwd <folder>        work in that folder
      --trust               trust the code and the providers that the project configures, and remember it
      --no-session          keep nothing
  -v, --version
  -h, --help

Exit codes and the JSON formats: docs/cli.md
`;
