"""False pages and short notices that speak of the same things, judged with what the product itself reads of them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from watcher.decoding import decode
from watcher.errors import FormatError
from watcher.fetch.verdict import LIST, judge
from watcher.read import read, read_closely
from watcher.types import Fetched, Verdict

URL = "http://portal.test/zwgk/202403/t20240305_1.html"
HTML = "text/html; charset=utf-8"
LINKS = "".join(
    f"<li><a href=/art/{day}.html>某市召开第{day}次专题会议部署重点工作</a><span>2024-05-{day:02d}</span></li>"
    for day in range(1, 25)
)
HOME = f"<html><head><title>某市人民政府门户网站</title></head><body><h3>要闻动态</h3><ul>{LINKS}</ul><div class=footer>主办：某市人民政府</div></body></html>"
FALSE: list[tuple[Verdict, int, dict[str, str], str]] = [
    (
        "challenge",
        200,
        {"set-cookie": "__jsluid_h=abc;path=/"},
        '<script>var _0x1c=["a"];function go(a){}go({"bts":["1700000000.123|0|abc","x"],"chars":"abc","ct":"5b","ha":"sha1","tn":"__jsl_clearance_s","vt":"3600","wt":"1500"})</script>',
    ),
    (
        "challenge",
        403,
        {"server": "Yunjiasu"},
        "<html><head><title>知道创宇云防御</title></head><body><h1>您的请求被拦截</h1><p>当前访问疑似黑客攻击，已被网站管理员设置为拦截。</p></body></html>",
    ),
    (
        "challenge",
        400,
        {"set-cookie": "FSSBBIl1UgzbN7N80S=abc; Path=/"},
        '<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"/><script type="text/javascript" charset="iso-8859-1" src="/4QbVtADbnLVIc/d.FxJzG50F.dfe1675.js" r="m"></script></head><body></body></html>',
    ),
    (
        "challenge",
        202,
        {},
        '<html><head><meta id="9DhefwqGPrzGxEp9hPaoag" content="x{y"><script>$_ts=window["$_ts"];if(!$_ts)$_ts={};$_ts.nsd=12345;$_ts.cd="qqq";if($_ts.lcd)$_ts.lcd();</script></head><body onload="_$()"><form></form></body></html>',
    ),
    (
        "challenge",
        200,
        {"set-cookie": "enable_abc=true"},
        '<!doctype html><html><head><meta charset="utf-8"><script>$_ts=window[\'$_ts\'];if(!$_ts)$_ts={};$_ts.nsd=77;$_ts.cd="r";if($_ts.lcd)$_ts.lcd();</script></head><body><input type="hidden" id="__onload__" name="x" value="y"></body></html>',
    ),
    (
        "challenge",
        200,
        {"wzws-ray": "1-2-3"},
        '<html><body><noscript><h1><strong>请开启JavaScript并刷新该页.</strong></h1></noscript><script>var a="WZWS_CONFIRM";eval(function(p,a,c,k,e,r){return p}("0",1))</script></body></html>',
    ),
    (
        "challenge",
        403,
        {},
        "<html><head><title>访问被拒绝</title></head><body><div>您所在的地区暂不支持访问 reason:GeoBL</div></body></html>",
    ),
    (
        "challenge",
        403,
        {},
        "<html><head><title>网站防火墙</title></head><body><p>您所提交的请求含有不合法的参数，已被网站管理员设置拦截！</p><p>可能原因：您提交的内容包含危险的攻击请求</p><p>普通网站访客，请联系网站管理员；</p></body></html>",
    ),
    (
        "challenge",
        200,
        {"set-cookie": "yunsuo_session_verify=abc"},
        '<html><head><script>var srcurl="2f61";function YunSuoAutoJump(){var w=screen.width;var c="srcurl="+stringToHex(location.href);document.cookie="security_session_mid_verify="+w;self.location=window.location.href}</script></head><body onload="YunSuoAutoJump()"></body></html>',
    ),
    (
        "challenge",
        403,
        {},
        '<!DOCTYPE html><html lang="zh"><head><title id="slg-title"></title></head><body><div id="slg-bg"></div><div id="slg-box"><div id="slg-image"></div><div id="slg-caption">正在检测客户端环境</div><div id="slg-usage"></div></div><script>window.product_data="/.safeline/"</script></body></html>',
    ),
    (
        "challenge",
        405,
        {"server": "Tengine"},
        '<html><head><title>405</title></head><body><div class="txt">很抱歉，由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断。</div><div>您的请求ID是: 7b397b1f17000000000</div></body></html>',
    ),
    (
        "challenge",
        200,
        {"bxpunish": "1"},
        '<script>sessionStorage.x5referer = window.location.href;window.location.replace("https://x.gov.cn:443//a/b.html/_____tmd_____/punish?x5secdata=abc&x5step=1");</script>',
    ),
    (
        "challenge",
        403,
        {"server": "nginx"},
        '<html><head><title>501 Page</title></head><body><iframe src="https://waf.tencent.com/501page.html?u=x&id=y" width=100%></iframe></body></html>',
    ),
    (
        "challenge",
        200,
        {},
        '<html><head><title>安全验证</title><script src="https://turing.captcha.qcloud.com/TCaptcha.js"></script></head><body><div>为保障您的访问安全，请点击按钮完成验证</div></body></html>',
    ),
    (
        "challenge",
        418,
        {"server": "CloudWAF"},
        "<html><head><title>访问被拦截！</title></head><body><div>您的请求疑似攻击行为！</div><div>如果您是网站管理员，事件ID：02-00-00</div></body></html>",
    ),
    (
        "challenge",
        405,
        {},
        "<html><body><h2>抱歉，您的访问被拦截了</h2><p>您的访问请求可能会对网站造成威胁，请求已被管理员设置的策略阻断。RequestId: 2024abcd</p></body></html>",
    ),
    (
        "challenge",
        200,
        {},
        "<html><head><title>安全检查</title></head><body><p>正在进行浏览器环境检查，请稍候……</p><script>setTimeout(function(){location.reload()},3000)</script></body></html>",
    ),
    (
        "challenge",
        403,
        {},
        "<html><body><center><h1>禁止访问</h1><p>您的IP（1.2.3.4）不在允许访问的范围内。</p></center></body></html>",
    ),
    (
        "gone",
        200,
        {},
        '<html><head><title>某市人民政府</title></head><body><div class="e"><p>抱歉，您访问的页面可能已被删除、更名或暂时不可用。</p><a href="/">返回首页</a></div></body></html>',
    ),
    (
        "gone",
        200,
        {},
        "<html><head><title>提示信息</title></head><body><p>该文章已经下线，感谢您的关注！</p><p><a>返回</a></p></body></html>",
    ),
    (
        "gone",
        200,
        {},
        '<html><head><title>404</title></head><body><img src="404.png"><p>啊哦~你所访问的页面不见了</p></body></html>',
    ),
    ("gone", 200, {}, '<script>alert("信息不存在或未审核！");history.back();</script>'),
    ("gone", 200, {}, "<html><body><p>您所查找的信息不存在或者已经过期！</p></body></html>"),
    (
        "gone",
        200,
        {},
        "<html><head><title>出错啦</title></head><body>The resource you are looking for has been removed, had its name changed, or is temporarily unavailable.</body></html>",
    ),
    ("gone", 200, {"FINAL": "http://portal.test/"}, HOME),
    (
        "gone",
        200,
        {},
        "<html><head><title>某县政府网</title></head><body><div>首页 新闻 政务</div><div>对不起，没有您要找的内容！3秒后自动跳转到首页</div></body></html>",
    ),
    (
        "error",
        200,
        {},
        "<html><head><title>公告</title></head><body><p>因机房设备检修，本网站将于2024年3月9日18时至3月10日8时暂停服务，给您带来不便，敬请谅解。</p></body></html>",
    ),
    (
        "error",
        200,
        {},
        "<html><head><title>网站升级中</title></head><body><h1>网站改版升级中，敬请期待</h1></body></html>",
    ),
    ("error", 200, {}, '{"code":500,"msg":"系统异常，请联系管理员","data":null}'),
    (
        "error",
        200,
        {},
        "<html><head><title>Error</title></head><body><pre>java.sql.SQLException: Connection refused at com.x</pre></body></html>",
    ),
    ("error", 200, {}, "<html><body><p>当前访问人数过多，请您稍后再试！</p></body></html>"),
    (
        "login",
        200,
        {"FINAL": "https://sso.portal.test/cas/login?service=x"},
        "<html><head><title>统一身份认证平台</title></head><body><form><input name=u><input type=password name=p><button>登录</button></form><a>忘记密码</a></body></html>",
    ),
    (
        "login",
        200,
        {},
        '<html><head><title>政务服务网 - 用户登录</title></head><body><div>个人登录 法人登录</div><form>账号<input> 密码<input type="password"> 验证码<input><button>登 录</button></form><a>注册</a></body></html>',
    ),
    (
        "login",
        200,
        {},
        "<html><head><title>X文库</title></head><body><h1>市长在大会上的讲话</h1><p>您尚未登录，登录后可查看全文。</p></body></html>",
    ),
    (
        "empty",
        200,
        {},
        '<html><head><title>x</title></head><body><div id="root"></div><div class="loading">页面加载中，请稍候...</div><script src="/umi.js"></script></body></html>',
    ),
    (
        "challenge",
        200,
        {},
        '<html><head><meta charset=utf-8><title>请稍候…</title></head><body><div>请稍候，正在验证您的访问环境</div><script>document.cookie="k="+btoa(navigator.userAgent);location.reload();</script></body></html>',
    ),
    (
        "challenge",
        403,
        {},
        "<html><head><title>403</title></head><body><h2>当前请求存在安全风险，已被网站防护系统拒绝</h2><p>拦截编号：3f2a</p></body></html>",
    ),
    (
        "challenge",
        200,
        {},
        "<html><head><title>操作频繁</title></head><body><p>您的操作过于频繁，请输入图形验证码后继续</p><img src=/captcha><input><button>确定</button></body></html>",
    ),
    ("challenge", 429, {}, "<html><body>Too Many Requests. 访问频率过高，请稍后访问</body></html>"),
    (
        "gone",
        200,
        {},
        "<html><head><title>系统提示</title></head><body><p>您访问的信息正在审核中或已被删除</p></body></html>",
    ),
    (
        "gone",
        200,
        {},
        "<html><head><title>某省人民政府</title></head><body><div class=t>非常抱歉，您要访问的页面出错了！</div><p>可能原因：网址有误；网页已改名或已删除</p></body></html>",
    ),
    ("gone", 200, {}, '{"code":404,"message":"文章不存在"}'),
    ("error", 200, {}, "<html><body><h1>502 网关错误</h1></body></html>"),
    (
        "error",
        200,
        {},
        "<html><head><title>温馨提示</title></head><body>尊敬的用户：系统正在进行数据迁移，暂时无法访问，预计今日20时恢复。</body></html>",
    ),
    (
        "login",
        200,
        {},
        '<html><head><title>协同办公平台</title></head><body><div>用户登录</div><form><input placeholder="用户名"><input type="password" placeholder="密码"></form></body></html>',
    ),
    (
        "login",
        200,
        {},
        "<html><head><title>x</title></head><body><p>该信息仅对本单位内部人员开放，请先登录系统。</p></body></html>",
    ),
    (
        "empty",
        200,
        {},
        '<html><head><title>政府信息公开</title></head><body><div id="__nuxt"></div><script>window.__NUXT__={}</script></body></html>',
    ),
    (
        "challenge",
        200,
        {},
        "<html><head><title>WAF</title></head><body><p>Sorry, your request has been blocked as it may cause potential threats to the server's security.</p></body></html>",
    ),
    (
        "gone",
        200,
        {},
        "<html><head><title>某市卫健委</title></head><body><p>您访问的内容已迁移或下线，请通过首页搜索。</p></body></html>",
    ),
]
"""Verdict, status, headers (FINAL is the address that answered), body."""
NOTICES = [
    (
        "关于市政务服务平台系统升级维护暂停服务的公告",
        "<p>为进一步提升服务质量，市政务服务平台将于2024年3月9日进行系统升级维护，期间暂停服务。给您带来不便，敬请谅解。</p><p>某市政务服务局</p><p>2024年3月5日</p>",
    ),
    ("关于部分行政规范性文件已失效的通知", "<p>经清理，以下3件文件已失效，不再执行。</p><p>某市人民政府</p>"),
    (
        "关于启用统一身份认证登录的通告",
        "<p>自4月1日起，办事人须通过统一身份认证平台登录，用户名为手机号，初始密码由系统发送。未登录的用户不能办理业务。</p>",
    ),
    (
        "关于查处违规访问行为的通报",
        "<p>近期监测发现，部分单位终端存在异常访问行为，访问被防火墙拦截，IP地址涉及10.1.1.1等。请立即整改。</p>",
    ),
    ("公告", "<p>经审查，某某医院医疗机构执业许可证已注销，原证书作废，特此公告。</p><p>某县卫生健康局</p>"),
    ("任免通知", "<p>张某任市卫健委主任。</p>"),
    ("关于关闭某煤矿的公告", "<p>某煤矿资源枯竭，现已关闭，特此公告。</p>"),
    ("停水通知", "<p>因管网维护，3月9日8时至18时城南片区暂停供水服务，敬请谅解。</p>"),
    (
        "关于网站域名变更的公告",
        "<p>我委网站域名已变更为wjw.x.gov.cn，原网站页面无法访问，请通过新网址访问。</p><p>市卫生健康委</p>",
    ),
    ("市民政局关于注销社会组织的公告", "<p>某协会已被撤销登记，证书已过期，特此公告。</p>"),
    ("404号文件的批复", "<p>你单位《关于404地块规划的请示》收悉。经研究，同意。</p>"),
    (
        "关于开展人脸识别和验证码安全检查的通知",
        "<p>各单位：为落实安全验证要求，定于5月开展系统安全检查，重点检查滑动验证、验证码等措施。</p>",
    ),
    ("关于清理僵尸网站的通知", "<p>对长期不更新、无法访问、链接失效的网站，一律关停。请于3月底前报送。</p>"),
    (
        "答复",
        "<p>王某：您的来信收悉。您反映的系统错误问题，经核实是因服务器繁忙所致，现已修复，请稍后再试。</p><p>市人社局</p>",
    ),
    (
        "关于公开征求意见的公告",
        "<p>现征求意见，请登录市政府网站“意见征集”栏目提交，用户须先注册账号并设置密码。</p><p>市司法局</p>",
    ),
    ("规划批后公布", "<table><tr><td>项目</td><td>面积</td></tr><tr><td>一期</td><td>12</td></tr></table>"),
    ("关于停止使用旧版医保电子凭证的通知", "<p>旧版医保电子凭证自6月1日起停止服务，未注册用户请及时注册。</p>"),
    ("访问量统计公告", "<p>2023年本网站访问量1234万次，请求被拦截攻击56万次。</p>"),
    (
        "某市重大行政决策事项目录",
        "<p>1.编制《某市网络安全应急预案》，防范黑客攻击、恶意访问。</p><p>2.制定统一身份认证管理办法。</p>",
    ),
    (
        "关于做好高考期间网站安全防护工作的通知",
        "<p>各单位：高考期间发现黑客攻击、页面被篡改的，要立即断网并报告。联系电话：12345。</p>",
    ),
    ("通告", "<p>因道路施工，5月1日起人民路禁止访问车辆通行。某市公安局</p>"),
    (
        "关于市民卡系统停机维护的通知",
        "<p>市民卡系统于5月1日0时至6时停机维护，届时暂停服务。</p><p>市人社局</p><p>2024年4月28日</p>",
    ),
    ("关于撤销某公司行政许可的决定", "<p>因提交虚假材料，决定撤销其行政许可，许可证已失效。</p>"),
    ("关于下架不合格食品的通告", "<p>经抽检，某批次产品不合格，已下架并销毁。</p>"),
    (
        "公示",
        "<p>拟对以下地址不存在、无法联系的企业予以吊销。名单附后。</p><table><tr><td>序号</td><td>名称</td></tr><tr><td>1</td><td>甲公司</td></tr></table>",
    ),
    ("采购深信服防火墙设备的公告", "<p>采购深信服防火墙1台，预算12万元，请于5月6日前报名。</p>"),
    ("关于规范登录密码管理的函", "<p>各处室：请修改系统账号登录密码，用户名不变。</p>"),
    (
        "依申请公开答复书",
        "<p>您申请公开的信息不存在，本机关未制作该信息。如对本答复不服，可申请行政复议。</p><p>某市自然资源局</p><p>2024年3月2日</p>",
    ),
    ("政府信息不存在告知书", "<p>经检索，你申请的政府信息不存在。</p><p>某县住建局</p><p>2024年3月2日</p>"),
]
"""Title and text of short documents that speak of logins, attacks, pages, closures."""


def _fetched(body: str, status: int = 200, final: str = URL, **headers: str) -> Fetched:
    return Fetched(
        URL, final, status, {"content-type": HTML, **headers}, body.encode(), datetime(2026, 1, 1, tzinfo=UTC)
    )


def _verdict(fetched: Fetched) -> Verdict:
    reading = read(fetched.body, content_type=HTML, url=fetched.final_url, column=False)
    return judge(fetched, decode(fetched.body, HTML).text, reading).verdict


@pytest.mark.parametrize(
    ("verdict", "status", "headers", "body"), FALSE, ids=[f"{row[0]}-{n}" for n, row in enumerate(FALSE)]
)
def test_a_false_page_gets_its_verdict(verdict: Verdict, status: int, headers: dict[str, str], body: str) -> None:
    rest = {key: value for key, value in headers.items() if key != "FINAL"}
    assert _verdict(_fetched(body, status, headers.get("FINAL", URL), **rest)) == verdict


@pytest.mark.parametrize(("title", "text"), NOTICES, ids=[row[0] for row in NOTICES])
def test_a_short_notice_is_a_document_whatever_it_speaks_of(title: str, text: str) -> None:
    page = (
        f"<html><head><meta charset=utf-8><title>{title}_某市人民政府</title></head><body><div class=nav><a href=/>首页</a><a href=/login>登录</a></div>"
        f"<div class=m><h1>{title}</h1><div class=i>发布时间：2024-03-05 来源：某市人民政府</div><div class=c>{text}</div></div>"
        "<div class=footer><p>主办：某市人民政府 ICP备05000000号 网站标识码3500000001</p></div></body></html>"
    )
    assert _verdict(_fetched(page)) == "document"


@pytest.mark.parametrize("said", ["该信息已被删除", "抱歉，您访问的页面不存在", "请先登录后查看"])
def test_what_speaks_to_the_visitor_under_a_document_s_title_is_none(said: str) -> None:
    page = (
        "<html><head><title>关于印发实施方案的通知</title></head><body><h1>关于印发实施方案的通知</h1><p>发布时间：2024-03-05</p>"
        f"<div class=c><p>{said}</p></div></body></html>"
    )
    assert _verdict(_fetched(page)) in ("gone", "login")


ANSWERS = yaml.load(
    (Path(__file__).parents[1] / "cases/answers/answers.yaml").read_text("utf-8"),
    getattr(yaml, "CSafeLoader", yaml.SafeLoader),
)


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: str(answer["name"]))
def test_an_answer_gets_its_verdict(answer: dict[str, Any]) -> None:
    headers = {"content-type": HTML, **answer.get("headers", {})}
    final = headers.pop("FINAL", URL)
    body = answer["body"].encode()
    fetched = Fetched(URL, final, answer.get("status", 200), headers, body, datetime(2026, 1, 1, tzinfo=UTC))
    try:
        reading = read(body, content_type=headers["content-type"], url=final, column=False)
    except FormatError:
        reading = None
    assert judge(fetched, decode(body, headers["content-type"]).text, reading).verdict == answer["verdict"]


SHORT_PAGES = yaml.load(
    (Path(__file__).parents[1] / "cases/answers/short_pages.yaml").read_text("utf-8"),
    getattr(yaml, "CSafeLoader", yaml.SafeLoader),
)


@pytest.mark.parametrize("page", SHORT_PAGES["pages"], ids=lambda page: str(page["name"]))
def test_a_short_page_is_told_from_a_short_document(page: dict[str, Any]) -> None:
    framed = SHORT_PAGES["frames"].get(page.get("frame"), "")
    body = page.get("body") or framed.replace("@title@", page["title"]).replace("@content@", page["content"])
    headers = {"content-type": HTML, **page.get("headers", {})}
    fetched = Fetched(URL, URL, page.get("status", 200), headers, body.encode(), datetime(2026, 1, 1, tzinfo=UTC))
    reading = read_closely(fetched.body, content_type=headers["content-type"], url=URL)[0]
    found = judge(fetched, decode(fetched.body, headers["content-type"]).text, reading)
    if found.verdict == "document" and reading.kind == "column":
        found = LIST  # as a visit has it
    assert found.verdict == page["verdict"]
