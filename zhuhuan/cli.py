"""One command line for all of it. A room is imported only when one of its commands is called: `zhuhuan language parse` does not wait for the others."""

from __future__ import annotations

from importlib import import_module

import typer
from typer.main import get_group

ROOMS = {  # a room's sub-commands: `zhuhuan loans import …`
    "language": ("zhuhuan.improving.cli", "语言理解：逐行解析、复核没把握的话、训练并比较。"),
    "loans": ("zhuhuan.loans.cli", "贷款账本：导入、示例、查看、建表。"),
    "plans": ("zhuhuan.proposing.cli", "还款方案：按成员说的话排方案。"),
    "arrangements": ("zhuhuan.plans.arrangements_cli", "还款安排与承诺：查看、审批、按账核对守约、到期前提醒。"),
    "policy": ("zhuhuan.plans.policy_cli", "政策文件：检查、拿一本账试算。"),
}
COMMANDS = {  # commands that stand under their own name: `zhuhuan demo`
    "demo": ("zhuhuan.serve.cli", "从头演示：建账本、导入示例会员、训练、启动，然后在终端里对话。"),
    "chat": ("zhuhuan.serve.cli", "在终端里以会员身份对话。"),
    "serve": ("zhuhuan.serve.cli", "启动动作服务和对话服务，直到 Ctrl-C。"),
    "train": ("zhuhuan.serve.cli", "训练模型。"),
    "converse": ("zhuhuan.serve.cli", "对真实的服务进行整段对话，每轮一行 JSON。"),
}
PASSED_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "allow_interspersed_args": False}

app = typer.Typer(help="助还：与贷款逾期的会员好好谈，谈成一个能守得住的还款方案。", no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)


def call(context: typer.Context) -> None:
    """Import the room of the command that was called, and hand it the arguments."""
    name = context.info_name or ""
    module, _ = (ROOMS | COMMANDS)[name]
    room = get_group(import_module(module).app)
    if name in ROOMS:
        room.main(args=context.args, prog_name=f"zhuhuan {name}")
    else:
        room.main(args=[name, *context.args], prog_name="zhuhuan")


for _name, (_, _help) in (COMMANDS | ROOMS).items():
    app.command(_name, help=_help, add_help_option=False, context_settings=PASSED_ON)(call)


if __name__ == "__main__":
    app()
