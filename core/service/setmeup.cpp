// SPDX-License-Identifier: Apache-2.0
#include "core/service/setmeup.h"

#include <QUrl>

namespace hublet::service {

namespace {

const QString& packageOr(const SetMeUpRequest& request)
{
    static const QString example = QStringLiteral("organisation/name");
    return request.package ? *request.package : example;
}

QString revisionOf(const SetMeUpRequest& request)
{
    return request.revision.value_or(QStringLiteral("main"));
}

QString pythonText(QString text)
{
    text.replace(u'\\', QStringLiteral("\\\\")).replace(u'"', QStringLiteral("\\\""));
    return u'"' + text + u'"';
}

QString powerShellText(QString text)
{
    return u'\'' + text.replace(u'\'', QStringLiteral("''")) + u'\'';
}

/// Where a single file is served; each path segment encoded once.
QString resolveUrl(const SetMeUpRequest& request)
{
    const auto encoded = [](const QString& text) {
        return QString::fromLatin1(QUrl::toPercentEncoding(text));
    };
    QStringList segments = request.file.value_or(QString()).split(u'/');
    for (QString& segment : segments)
        segment = encoded(segment);
    const QString folder = request.type == PackageType::Dataset ? QStringLiteral("datasets/") : QString();
    return huggingFaceEndpoint(request.address, request.repository) + u'/' + folder + packageOr(request) +
           QStringLiteral("/resolve/") + encoded(revisionOf(request)) + u'/' + segments.join(u'/');
}

struct Variable {
    QString name;
    QString value;
};

std::vector<Variable> variables(const SetMeUpRequest& request)
{
    const QString token = request.token.isEmpty() ? QStringLiteral("put-your-token-here") : request.token;
    return {{QStringLiteral("HF_ENDPOINT"), huggingFaceEndpoint(request.address, request.repository)},
            {QStringLiteral("HF_TOKEN"), token}};
}

/// Clients that wait 10 s for metadata never need these with a server that answers at once; slow networks
/// may.
std::vector<Variable> optionalVariables()
{
    return {{QStringLiteral("HF_HUB_ETAG_TIMEOUT"), QStringLiteral("86400")},
            {QStringLiteral("HF_HUB_DOWNLOAD_TIMEOUT"), QStringLiteral("86400")}};
}

/// `form`: one assignment with %1 for the name and %2 for the quoted value.
QString configure(const SetMeUpRequest& request, const QString& form, QString (*quoted)(QString))
{
    QString text;
    if (request.token.isEmpty())
        text += QStringLiteral(
            "# Get a token from Hublet (Set Me Up in the window, or: hubletd token create).\n");
    for (const Variable& variable : variables(request))
        text += form.arg(variable.name, quoted(variable.value)) + u'\n';
    text += QStringLiteral("# Optional, for slow networks:\n");
    for (const Variable& variable : optionalVariables())
        text += QStringLiteral("# ") + form.arg(variable.name, quoted(variable.value)) + u'\n';
    return text;
}

/// A tag or a commit takes no uploads: its branch is not known here, and main always is there.
QString deployRevisionOf(const SetMeUpRequest& request)
{
    return request.takesUploads ? revisionOf(request) : QStringLiteral("main");
}

/// A comment in every language here.
QString deployNote(const SetMeUpRequest& request)
{
    return request.takesUploads ? QString()
                                : QStringLiteral("# %1 cannot be written to: this uploads to main.\n")
                                      .arg(revisionOf(request));
}

QString fileName(const SetMeUpRequest& request)
{
    return request.file.value_or(QString()).section(u'/', -1);
}

/// "folder/*" for clients that compare names as a shell does, whatever signs the folder's name has.
QString patternOf(const QString& folder)
{
    QString pattern;
    for (const QChar sign : folder)
        pattern += QStringLiteral("*?[").contains(sign) ? QStringLiteral("[%1]").arg(sign) : QString(sign);
    return pattern + QStringLiteral("/*");
}

QString pythonArgument(const QString& name, const QString& value)
{
    return QStringLiteral("    %1=").arg(name) + pythonText(value) + QStringLiteral(",\n");
}

QString pythonDeploy(const SetMeUpRequest& request)
{
    QString text = QStringLiteral("from huggingface_hub import HfApi\n\n") + deployNote(request);
    if (request.file) {
        text += QStringLiteral("HfApi().upload_file(\n") +
                pythonArgument(QStringLiteral("path_or_fileobj"), fileName(request)) +
                pythonArgument(QStringLiteral("path_in_repo"), *request.file);
    } else {
        text += QStringLiteral("HfApi().upload_folder(\n") +
                pythonArgument(QStringLiteral("folder_path"), QStringLiteral("my-folder"));
        if (request.folder)
            text += pythonArgument(QStringLiteral("path_in_repo"), *request.folder);
    }
    return text + pythonArgument(QStringLiteral("repo_id"), packageOr(request)) +
           pythonArgument(QStringLiteral("repo_type"), packageTypeName(request.type)) +
           pythonArgument(QStringLiteral("revision"), deployRevisionOf(request)) + QStringLiteral(")\n");
}

QString pythonResolve(const SetMeUpRequest& request)
{
    const QString call =
        request.file ? QStringLiteral("hf_hub_download") : QStringLiteral("snapshot_download");
    QString text = QStringLiteral("from huggingface_hub import %1\n\nprint(%1(\n").arg(call) +
                   pythonArgument(QStringLiteral("repo_id"), packageOr(request));
    if (request.file)
        text += pythonArgument(QStringLiteral("filename"), *request.file);
    if (request.folder)
        text += pythonArgument(QStringLiteral("allow_patterns"), patternOf(*request.folder));
    return text + pythonArgument(QStringLiteral("repo_type"), packageTypeName(request.type)) +
           pythonArgument(QStringLiteral("revision"), revisionOf(request)) + QStringLiteral("))\n");
}

SetMeUpSnippet pythonLoad(const SetMeUpRequest& request)
{
    const QString arguments = QStringLiteral("%1, revision=%2")
                                  .arg(pythonText(packageOr(request)), pythonText(revisionOf(request)));
    if (request.type == PackageType::Dataset) {
        return {QStringLiteral("Load with datasets"), QStringLiteral("from datasets import load_dataset\n"
                                                                     "\n"
                                                                     "dataset = load_dataset(%1)\n")
                                                          .arg(arguments)};
    }
    return {QStringLiteral("Load with transformers"),
            QStringLiteral("from transformers import AutoModel, AutoTokenizer\n"
                           "\n"
                           "tokenizer = AutoTokenizer.from_pretrained(%1)\n"
                           "model = AutoModel.from_pretrained(%1)\n")
                .arg(arguments)};
}

QString inBash(const QString& python)
{
    return QStringLiteral("python3 - <<'END'\n") + python + QStringLiteral("END\n");
}

QString inPowerShell(const QString& python)
{
    return QStringLiteral("@'\n") + python + QStringLiteral("'@ | python -\n");
}

QString bashConfigure(const SetMeUpRequest& request)
{
    return configure(request, QStringLiteral("export %1=%2"), bashText);
}

std::vector<SetMeUpSnippet> snippets(const QString& configureText, const QString& deploy,
                                     const QString& resolve)
{
    return {{QStringLiteral("Configure"), configureText},
            {QStringLiteral("Deploy"), deploy},
            {QStringLiteral("Resolve"), resolve}};
}

std::vector<SetMeUpSnippet> bashSnippets(const SetMeUpRequest& request)
{
    const QString resolve = request.file
                                ? QStringLiteral("curl --fail --location --output %1 "
                                                 "--header \"Authorization: Bearer $HF_TOKEN\" \\\n  %2\n")
                                      .arg(bashText(fileName(request)), bashText(resolveUrl(request)))
                                : inBash(pythonResolve(request));
    return snippets(bashConfigure(request), inBash(pythonDeploy(request)), resolve);
}

std::vector<SetMeUpSnippet> powerShellSnippets(const SetMeUpRequest& request)
{
    const QString resolve =
        request.file
            ? QStringLiteral("Invoke-WebRequest -Headers @{ Authorization = \"Bearer $env:HF_TOKEN\" } "
                             "-OutFile %1 -Uri %2\n")
                  .arg(powerShellText(fileName(request)), powerShellText(resolveUrl(request)))
            : inPowerShell(pythonResolve(request));
    return snippets(configure(request, QStringLiteral("$env:%1 = %2"), powerShellText),
                    inPowerShell(pythonDeploy(request)), resolve);
}

std::vector<SetMeUpSnippet> pythonSnippets(const SetMeUpRequest& request)
{
    // The library reads its environment when it is imported.
    const QString head = QStringLiteral("import os\n\n# Run this before importing huggingface_hub.\n");
    auto list = snippets(head + configure(request, QStringLiteral("os.environ[\"%1\"] = %2"), pythonText),
                         pythonDeploy(request), pythonResolve(request));
    list.push_back(pythonLoad(request));
    return list;
}

std::vector<SetMeUpSnippet> cliSnippets(const SetMeUpRequest& request)
{
    // Options first: a name after "--" may begin with a dash.
    const auto command = [&](const QString& verb, const QString& revision, const QString& more) {
        return QStringLiteral("hf %1 --repo-type %2 --revision %3%4 -- ")
            .arg(verb, packageTypeName(request.type), bashText(revision), more);
    };
    const QString package = bashText(packageOr(request));
    QString source = QStringLiteral(" my-folder ");
    QString target = QStringLiteral(".");
    QString include;
    QString wanted;
    if (request.file) {
        source = u' ' + bashText(fileName(request)) + u' ';
        target = bashText(*request.file);
        wanted = u' ' + target;
    } else if (request.folder) {
        target = bashText(*request.folder);
        include = QStringLiteral(" --include=") + bashText(patternOf(*request.folder));
    }
    return snippets(
        bashConfigure(request),
        deployNote(request) + command(QStringLiteral("upload"), deployRevisionOf(request), QString()) +
            package + source + target + u'\n',
        command(QStringLiteral("download"), revisionOf(request), include) + package + wanted + u'\n');
}

} // namespace

QString bashText(QString text)
{
    return u'\'' + text.replace(u'\'', QStringLiteral("'\\''")) + u'\'';
}

QString huggingFaceEndpoint(const QString& address, const QString& repository)
{
    // A slash at the end of HF_ENDPOINT confuses clients.
    QString base = address;
    while (base.endsWith(u'/'))
        base.chop(1);
    return base + QStringLiteral("/artifactory/api/huggingfaceml/") + repository;
}

std::vector<SetMeUpSnippet> setMeUp(const SetMeUpRequest& request, SetMeUpShell shell)
{
    switch (shell) {
    case SetMeUpShell::Bash:
        return bashSnippets(request);
    case SetMeUpShell::PowerShell:
        return powerShellSnippets(request);
    case SetMeUpShell::Python:
        return pythonSnippets(request);
    case SetMeUpShell::Cli:
        return cliSnippets(request);
    }
    return {};
}

} // namespace hublet::service
