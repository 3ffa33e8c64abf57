import type { Command } from '../command.js'
import { EXIT } from '../failures.js'
import { COMMON } from '../help.js'
import { choiceOf } from '../values.js'

/** @param commands all others */
export function completionCommand(commands: readonly Command[]): Command {
  const own: Command = {
    name: 'completion',
    usage: 'bash | zsh | fish',
    summary: 'a script that has the shell complete commands and options',
    options: {},
    help: {},
    examples: ['source <(smart-cache completion bash)', 'smart-cache completion fish > ~/.config/fish/completions/smart-cache.fish'],
    async run(call) {
      const shell = choiceOf({ ...call, values: { shell: call.positionals[0] ?? '' } }, 'shell', ['bash', 'zsh', 'fish'], 'bash')
      call.terminal.print(SCRIPTS[shell]([...commands, own]))
      return EXIT.done
    },
  }
  return own
}

const optionsOf = ({ options }: Command) => Object.keys({ ...options, ...COMMON }).map(name => `--${name}`)

const SCRIPTS = {
  bash: (commands: readonly Command[]) => `_smart_cache() {
  local word=\${COMP_WORDS[COMP_CWORD]} words
  case "\${COMP_WORDS[1]}" in
${commands.map(command => `    ${command.name}) words='${optionsOf(command).join(' ')}' ;;`).join('\n')}
    *) words='${commands.map(({ name }) => name).join(' ')}' ;;
  esac
  [ "$COMP_CWORD" -eq 1 ] && words='${commands.map(({ name }) => name).join(' ')}'
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _smart_cache smart-cache`,
  zsh: (commands: readonly Command[]) => `#compdef smart-cache
_smart_cache() {
  if (( CURRENT == 2 )); then
    local -a names=(${commands.map(({ name, summary }) => `'${name}:${summary.replaceAll("'", '’').replaceAll(':', '')}'`).join(' ')})
    _describe command names
    return
  fi
  case "$words[2]" in
${commands.map(command => `    ${command.name}) compadd -- ${optionsOf(command).join(' ')} ;;`).join('\n')}
  esac
}
compdef _smart_cache smart-cache`,
  fish: (commands: readonly Command[]) =>
    commands
      .flatMap(command => [
        `complete -c smart-cache -n __fish_use_subcommand -a ${command.name} -d '${command.summary.replaceAll("'", '’')}'`,
        ...optionsOf(command).map(
          option => `complete -c smart-cache -n '__fish_seen_subcommand_from ${command.name}' -l ${option.slice(2)}`,
        ),
      ])
      .join('\n'),
}
