#!/usr/bin/env python3
"""The manual pages and the shell's completion, from what the program itself says of its commands.

    yishi help --json | manual.py VERSION FOLDER

Writes FOLDER/yishi.1, FOLDER/yishi.zh.1 and FOLDER/yishi.bash.
"""

import json
import pathlib
import sys

WORDS = {
    "en": {"what": "settle local matters by talking them over", "name": "NAME", "synopsis": "SYNOPSIS",
           "description": "DESCRIPTION", "commands": "COMMANDS", "everywhere": "OPTIONS OF EVERY COMMAND",
           "exit": "EXIT STATUS", "files": "FILES",
           "text": "yishi runs as a node in every village, township, district and city of a place. "
                   "\\fByishi serve\\fR is the node; every other command asks the node of the data "
                   "directory, or works on files."},
    "zh": {"what": "有事好商量：村、乡镇、区县、市的议事节点", "name": "名称", "synopsis": "用法",
           "description": "说明", "commands": "命令", "everywhere": "各命令通用的选项",
           "exit": "退出码", "files": "文件",
           "text": "yishi 在村、乡镇、区县、市各运行一个节点。\\fByishi serve\\fR 运行节点；"
                   "其他命令向数据目录的节点提问，或处理文件。"},
}
EVERYWHERE = [("--data DIR", "数据目录", "the data directory"),
              ("--lang zh|en", "语言", "the language"),
              ("--json", "输出一份 JSON 文档", "print one JSON document")]
EXITS = [(0, "完成", "done"), (1, "被拒绝", "refused"), (2, "用法有误", "wrong usage"),
         (3, "节点没有应答", "the node was not reached"), (4, "核对发现问题", "a verification found a fault"),
         (5, "失败", "failed")]
FILES = [("/etc/yishi/NAME.conf", "yishi@NAME 的选项", "options of yishi@NAME"),
         ("/var/lib/yishi/NAME", "它的数据目录", "its data directory"),
         ("/usr/share/yishi", "规则与区划样例", "policies and divisions to begin with")]


def escaped(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join("\\&" + line if line[:1] in (".", "'") else line for line in text.split("\n"))


def option_name(option):
    if option["positional"]:
        return option["name"].upper()
    return "--" + option["name"] + (" " + option["value"] if option["value"] else "")


def manual(commands, language, version):
    words = WORDS[language]
    out = [f'.TH YISHI 1 "" "yishi {version}" ""',
           f".SH {words['name']}", f"yishi \\- {words['what']}",
           f".SH {words['synopsis']}", ".B yishi", "\\fICOMMAND\\fR [\\fIOPTION\\fR]...",
           f".SH {words['description']}", words["text"], f".SH {words['commands']}"]
    for command in commands:
        out += [f".SS yishi {escaped(command['command'])}", escaped(command[language])]
        for option in command["options"]:
            out += [".TP", f"\\fB{escaped(option_name(option))}\\fR", escaped(option[language])]
        if command.get("example"):
            out += [".PP", ".nf", escaped(command["example"]), ".fi"]
    at = 1 if language == "zh" else 2
    for title, rows in (("everywhere", EVERYWHERE), ("exit", EXITS), ("files", FILES)):
        out.append(f".SH {words[title]}")
        for row in rows:
            out += [".TP", f"\\fB{escaped(str(row[0]))}\\fR", escaped(row[at])]
    return "\n".join(out) + "\n"


def completion(commands):
    options = {c["command"]: [("--" + o["name"]) for o in c["options"] if not o["positional"]]
               for c in commands}
    firsts = sorted({name.split()[0] for name in options})
    lines = ["# bash completion of yishi; made from `yishi help --json`", "_yishi() {",
             '  local word=${COMP_WORDS[COMP_CWORD]} first=${COMP_WORDS[1]} second=${COMP_WORDS[2]} choices=""',
             f'  if ((COMP_CWORD == 1)); then choices="{" ".join(firsts)}"',
             "  else", '    case "$first $second" in']
    for name in sorted(options, key=lambda name: (-name.count(" "), name)):
        pattern = f'"{name}"' if " " in name else f'"{name} "*'
        lines.append(f'      {pattern}) choices="{" ".join(options[name] + ["--data", "--lang", "--json"])}" ;;')
    lines += ["    esac", "    if ((COMP_CWORD == 2)); then", '      case "$first" in']
    for first in firsts:
        seconds = sorted(name.split()[1] for name in options if name.startswith(first + " "))
        if seconds:
            lines.append(f'        {first}) choices="{" ".join(seconds)}" ;;')
    lines += ["      esac", "    fi", "  fi",
              '  COMPREPLY=($(compgen -W "$choices" -- "$word"))',
              '  [[ $word == -* || ${#COMPREPLY[@]} -gt 0 ]] || COMPREPLY=($(compgen -f -- "$word"))',
              "}", "complete -F _yishi yishi"]
    return "\n".join(lines) + "\n"


def main():
    version, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    commands = json.load(sys.stdin)["commands"]
    (folder / "yishi.1").write_text(manual(commands, "en", version), encoding="utf-8")
    (folder / "yishi.zh.1").write_text(manual(commands, "zh", version), encoding="utf-8")
    (folder / "yishi.bash").write_text(completion(commands), encoding="utf-8")


if __name__ == "__main__":
    main()
