"""The lists behind the form fields that are chosen from a list; codes are stored, labels are shown."""

import msgspec

from huilian.schemes.parts import Text


class Choice(msgspec.Struct, frozen=True):
    """One possible answer."""

    code: str
    label: Text


def _choices(*rows: tuple[str, str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(code, Text(zh, en)) for code, zh, en in rows)


GENDERS = _choices(
    ("female", "女", "Female"),
    ("male", "男", "Male"),
    ("unstated", "不说明", "Prefer not to say"),
)

# The highest degree or schooling, highest first; most doors to senior classes ask only for the first.
DEGREES = _choices(
    ("doctorate", "博士", "Doctorate"),
    ("master", "硕士", "Master's degree"),
    ("bachelor", "学士/本科", "Bachelor's degree"),
    ("college", "大专", "Junior college diploma"),
    ("secondary", "中专/高中", "Secondary school"),
    ("other", "其他", "Other"),
)

# The levels of the national list of professional posts.
TITLE_LEVELS = _choices(
    ("full_senior", "正高级", "Full senior (professor level)"),
    ("senior", "副高级（高级）", "Senior (associate professor, senior engineer)"),
    ("intermediate", "中级", "Intermediate (lecturer, engineer)"),
    ("junior", "初级", "Junior (assistant, technician)"),
    ("none", "无", "None"),
)

# A first-year undergraduate is on the list so that a scheme can say whether it admits one.
STUDY_YEARS = _choices(
    ("undergraduate_1", "本科一年级", "Undergraduate, year 1"),
    ("undergraduate_2", "本科二年级", "Undergraduate, year 2"),
    ("undergraduate_3", "本科三年级", "Undergraduate, year 3"),
    ("undergraduate_4", "本科四年级", "Undergraduate, year 4"),
    ("undergraduate_5", "本科五年级及以上", "Undergraduate, year 5 or later"),
    ("master", "硕士研究生", "Master's student"),
    ("doctoral", "博士研究生", "Doctoral student"),
)

# The thirteen codes of the national standard for political status, in its order.
POLITICAL_STATUSES = _choices(
    ("cpc_member", "中共党员", "Member of the Communist Party of China"),
    ("cpc_probationary", "中共预备党员", "Probationary member of the Communist Party of China"),
    ("league_member", "共青团员", "Member of the Communist Youth League of China"),
    ("rcck_member", "民革党员", "Member of the Revolutionary Committee of the Chinese Kuomintang"),
    ("cdl_member", "民盟盟员", "Member of the China Democratic League"),
    ("cndca_member", "民建会员", "Member of the China National Democratic Construction Association"),
    ("capd_member", "民进会员", "Member of the China Association for Promoting Democracy"),
    ("cpwdp_member", "农工党党员", "Member of the Chinese Peasants' and Workers' Democratic Party"),
    ("zhigong_member", "致公党党员", "Member of the China Zhi Gong Party"),
    ("jiusan_member", "九三学社社员", "Member of the Jiusan Society"),
    ("tdsgl_member", "台盟盟员", "Member of the Taiwan Democratic Self-Government League"),
    ("independent", "无党派人士", "Public figure without party affiliation"),
    ("masses", "群众", "None of these"),
)

IDENTITY_TYPES = _choices(
    ("resident", "居民身份证", "Resident identity card"),
    ("passport", "护照", "Passport"),
    ("hk_macau_permit", "港澳居民来往内地通行证", "Mainland travel permit for Hong Kong and Macao residents"),
    ("taiwan_permit", "台湾居民来往大陆通行证", "Mainland travel permit for Taiwan residents"),
    ("hmt_residence", "港澳台居民居住证", "Residence permit for Hong Kong, Macao and Taiwan residents"),
    ("foreign_residence", "外国人永久居留身份证", "Foreign permanent resident identity card"),
)

ORGANISATION_TYPES = _choices(
    ("university", "高等院校或其院系", "University, school or department"),
    ("research", "科研机构", "Research institution"),
    ("enterprise", "企业", "Enterprise"),
    ("association", "行业协会", "Industry association"),
    ("society", "学会", "Learned society"),
    ("public", "其他事业单位", "Other public institution"),
    ("other", "其他", "Other"),
)

# What the manuals call exclusive publications and services: one chooses what to be sent.
SUBSCRIPTIONS = _choices(
    ("newsletter", "会员通讯", "Member newsletter"),
    ("journals", "学会刊物", "Journals and publications"),
    ("events", "学术活动通知", "Conferences and academic events"),
    ("training", "培训与继续教育", "Training and continuing education"),
    ("awards", "奖项与荣誉申报", "Awards and honours"),
)
