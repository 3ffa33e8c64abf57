import type { Command } from '../command.js'
import { EXIT } from '../failures.js'
import { COMMON } from '../help.js'
import { oneOf } from '../values.js'

const SHELLS = ['bash', 'zsh', 'fish'] as const

/** @param commands all others */
export function completionCommand(commands: readonly Command[]): Command {
  const own: Command = {
    name: 'completion',
    usage: 'bash | zsh | fish',
    summary: 'a script that has the shell complete commands and options',
    takes: 1,
    choices: { '': SHELLS },
    options: {},
    help: {},
    examples: ['source <(smart-cache completion bash)', 'smart-cache completion fish > ~/.config/fish/completions/smart-cache.fish'],
    async run(call) {
      const shell = oneOf(call.positionals[0] ?? '', 'the shell', SHELLS, 'bash')
      call.terminal.print(SCRIPTS[shell]([...commands, own]))
      return EXIT.done
    },
  }
  return own
}

const optionsOf = ({ options }: Command) => Object.keys({ ...options, ...COMMON }).map(name => `--${name}`)
const wordsOf = (command: Command) => [...(command.choices?.[''] ?? []), ...optionsOf(command)].join(' ')
/** Each option of which one has to choose the value, and from what. */
const chosen = (commands: readonly Command[]) =>
  commands.flatMap(({ name, choices = {} }) =>
    Object.entries(choices).flatMap(([option, values]) => (option === '' ? [] : [{ name, option, values: values.join(' ') }])),
  )

const SCRIPTS = {
  bash: (commands: readonly Command[]) => `_smart_cache() {
  local word=\${COMP_WORDS[COMP_CWORD]} words
  case "\${COMP_WORDS[1]}" in
${commands.map(command => `    ${command.name}) words='${wordsOf(command)}' ;;`).join('\n')}
  esac
  case "\${COMP_WORDS[1]} \${COMP_WORDS[COMP_CWORD-1]}" in
${chosen(commands)
  .map(({ name, option, values }) => `    '${name} --${option}') words='${values}' ;;`)
  .join('\n')}
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
  case "$words[2] $words[CURRENT-1]" in
${chosen(commands)
  .map(({ name, option, values }) => `    '${name} --${option}') compadd -- ${values}; return ;;`)
  .join('\n')}
  esac
  case "$words[2]" in
${commands.map(command => `    ${command.name}) compadd -- ${wordsOf(command)} ;;`).join('\n')}
  esac
}
compdef _smart_cache smart-cache`,
  fish: (commands: readonly Command[]) =>
    commands
      .flatMap(command => {
        const here = `complete -c smart-cache -n '__fish_seen_subcommand_from ${command.name}'`
        const { '': words = [], ...values } = command.choices ?? {}
        return [
          `complete -c smart-cache -n __fish_use_subcommand -a ${command.name} -d '${command.summary.replaceAll("'", '’')}'`,
          ...(words.length > 0 ? [`${here} -a '${words.join(' ')}'`] : []),
          ...optionsOf(command).map(option => {
            const name = option.slice(2)
            return `${here} -l ${name}${values[name] === undefined ? '' : ` -x -a '${values[name].join(' ')}'`}`
          }),
        ]
      })
      .join('\n'),
}
