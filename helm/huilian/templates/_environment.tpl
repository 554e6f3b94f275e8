{{/* (dict "root" $ "process" "web"): the environment of one process of Huilian; nothing in it is secret. */}}
{{- define "huilian.environment" -}}
{{- $v := .root.Values -}}
{{- $federation := $v.federation -}}
- name: HUILIAN_DOMAIN
  value: {{ .root.Values.federation.domain | quote }}
- name: HUILIAN_SCHEME
  value: {{ $federation.scheme | quote }}
{{- if eq $federation.scheme "http" }}
- name: HUILIAN_PORT
  value: {{ $federation.port | quote }}
{{- end }}
- name: HUILIAN_BEHIND_PROXY
  value: {{ ternary "1" "0" $federation.behindProxy | quote }}
{{- with $federation.extraDomains }}
- name: HUILIAN_EXTRA_HOSTS
  value: {{ $hosts := list }}{{ range . }}{{ $hosts = append $hosts .host }}{{ end }}{{ join " " $hosts | quote }}
{{- end }}
- name: HUILIAN_PRESET
  value: {{ $federation.preset | quote }}
- name: HUILIAN_LOG_LEVEL
  value: {{ $federation.logLevel | quote }}
- name: HUILIAN_LOG_FORMAT
  value: {{ $federation.logFormat | quote }}
{{- if and $v.metrics.enabled (has .process (list "web" "worker" "provisioner")) }}
- name: HUILIAN_METRICS_PORT
  value: {{ $v.metrics.port | quote }}
- name: HUILIAN_METRICS_HOST
  value: 0.0.0.0
{{- end }}
- name: HUILIAN_IDLE_CONNECTIONS
  value: {{ $v.database.idleConnections | quote }}
- name: DATABASE_URL
  value: {{ include "huilian.databaseUrl" .root | quote }}
{{- if or $v.mail.host $v.mail.from }}
- name: HUILIAN_FROM_EMAIL
  value: {{ $v.mail.from | default (printf "huilian@%s" .root.Values.federation.domain) | quote }}
{{- end }}
{{- if and $v.sms.provider (has .process (list "web" "worker")) }}
- name: HUILIAN_SMS_PROVIDER
  value: {{ $v.sms.provider | quote }}
- name: HUILIAN_SMS_KEY_ID
  value: {{ $v.sms.keyId | quote }}
- name: HUILIAN_SMS_SIGN_NAME
  value: {{ $v.sms.signName | quote }}
- name: HUILIAN_SMS_REGION
  value: {{ $v.sms.region | quote }}
{{- with $v.sms.appId }}
- name: HUILIAN_SMS_APP_ID
  value: {{ . | quote }}
{{- end }}
{{- with $v.sms.endpoint }}
- name: HUILIAN_SMS_ENDPOINT
  value: {{ . | quote }}
{{- end }}
{{- end }}
{{- /* Web sends nothing, but has to know that letters leave: it shows them to nobody then. */}}
{{- if and $v.mail.host (has .process (list "web" "worker")) }}
- name: HUILIAN_EMAIL_BACKEND
  value: django.core.mail.backends.smtp.EmailBackend
{{- end }}
{{- if and $v.mail.host (eq .process "worker") }}
- name: HUILIAN_EMAIL_HOST
  value: {{ $v.mail.host | quote }}
- name: HUILIAN_EMAIL_PORT
  value: {{ $v.mail.port | quote }}
- name: HUILIAN_EMAIL_TLS
  value: {{ ternary "1" "0" $v.mail.tls | quote }}
{{- with $v.mail.user }}
- name: HUILIAN_EMAIL_USER
  value: {{ . | quote }}
{{- end }}
{{- end }}
{{- if and $v.media.s3.bucket (has .process (list "web" "worker" "provisioner" "backup" "federation")) }}
- name: HUILIAN_S3_BUCKET
  value: {{ $v.media.s3.bucket | quote }}
- name: HUILIAN_S3_ADDRESSING
  value: {{ $v.media.s3.addressing | quote }}
{{- range $name, $value := dict "HUILIAN_S3_ENDPOINT" $v.media.s3.endpoint "HUILIAN_S3_KEY_ID" $v.media.s3.keyId "HUILIAN_S3_REGION" $v.media.s3.region }}
{{- if $value }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- range fromJsonArray (include "huilian.secretsOf" .) }}
- name: {{ .variable }}_FILE
  value: /run/secrets/huilian/{{ .variable }}
{{- end }}
{{- with $v.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Where the database is. No login is in it: each society's derives from the database key. */}}
{{- define "huilian.databaseUrl" -}}
{{- $database := .Values.database -}}
{{- $server := printf "%s:%v" $database.host $database.port -}}
{{- $options := list -}}
{{- if .Values.trial.enabled -}}
  {{- $server = printf "%s-trial-postgresql:5432" (include "huilian.fullname" .) -}}
{{- else -}}
  {{- range $name, $value := $database.options -}}
    {{- $options = append $options (printf "%s=%s" $name ($value | toString | urlquery)) -}}
  {{- end -}}
{{- end -}}
postgresql://{{ $server }}/{{ $database.name }}
{{- with $options }}?{{ join "&" . }}{{ end }}
{{- end }}
