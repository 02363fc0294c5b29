from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from zhuhuan.loans.cli import app
from zhuhuan.loans.sample import SHIPPED

run = CliRunner()


def test_the_sample_book_is_made_imported_and_shown(tmp_path: Path) -> None:
    db = f"sqlite:///{tmp_path}/var/book.db"
    made = run.invoke(app, ["sample", "--out", str(tmp_path / "s.csv"), "--today", "2026-11-24"])
    assert made.exit_code == 0 and (tmp_path / "s.csv").read_bytes() == SHIPPED.read_bytes()
    first = run.invoke(app, ["import", str(tmp_path / "s.csv"), "--db", db])
    assert first.exit_code == 0 and "新增 200" in first.stdout
    second = run.invoke(app, ["import", str(SHIPPED)], env={"ZHUHUAN_DB": db})
    assert second.exit_code == 0 and "新增 0，更新 0，不变 200" in second.stdout
    for who in ("M0002", "199 0000 0002"):
        shown = run.invoke(app, ["show", who, "--db", db, "--today", "2026-11-24"], env={"COLUMNS": "140"})
        assert shown.exit_code == 0
        assert "400 天（长期）" in shown.stdout and "199****0002" in shown.stdout
        assert "19900000002" not in shown.stdout and "1956-11-02" not in shown.stdout


def test_bad_rows_are_told_on_standard_error_with_exit_code_two(tmp_path: Path) -> None:
    db = f"sqlite:///{tmp_path}/book.db"
    text = SHIPPED.read_text(encoding="utf-8-sig").splitlines()[:4]
    text[2] = text[2].replace("2026-11-07", "2027-11-07")
    (tmp_path / "bad.csv").write_text("\n".join(text), encoding="utf-8")
    result = run.invoke(app, ["import", str(tmp_path / "bad.csv"), "--db", db], env={"COLUMNS": "140"})
    assert result.exit_code == 2 and result.stdout == ""
    assert "应还日期" in result.stderr and "晚于数据日期" in result.stderr and "一行也没有导入" in result.stderr
    result = run.invoke(app, ["import", str(tmp_path / "bad.csv"), "--db", db, "--partial"])
    assert result.exit_code == 0 and "贷款：新增 2" in result.stdout and "晚于" in result.stderr


def test_a_member_or_database_that_is_not_there_is_told_with_exit_code_two(tmp_path: Path) -> None:
    db = f"sqlite:///{tmp_path}/book.db"
    missing = run.invoke(app, ["show", "林晓燕", "--db", db])
    assert missing.exit_code == 2 and "没有数据库文件" in missing.stderr
    assert run.invoke(app, ["migrate", "--db", db]).stdout == "数据库版本：0003\n"
    nobody = run.invoke(app, ["show", "林晓燕", "--db", db])
    assert nobody.exit_code == 2 and "没有会员" in nobody.stderr
    wrong = run.invoke(app, ["show", "林晓燕", "--db", "foo://x"])
    assert wrong.exit_code == 2 and "数据库地址不对" in wrong.stderr
    none = run.invoke(app, ["import", str(tmp_path / "none.csv"), "--db", db])
    assert none.exit_code == 2 and "打不开文件" in none.stderr
    assert run.invoke(app, ["migrate", "base", "--down", "--db", db]).stdout == "数据库版本：（空）\n"
