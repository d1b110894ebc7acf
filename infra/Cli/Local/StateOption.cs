using System.CommandLine;
using Candor.Local;

namespace Candor.Cli.Local;

/// <summary>Which local stack a verb is about: the one whose data lies in a folder, normally <c>.candor</c>.</summary>
internal static class StateOption
{
    internal static Option<string?> Create() => new("--state")
    {
        Description = "The folder that holds the local stack's data, logs and state; another folder is another stack. Default: .candor",
        HelpName = "folder",
    };

    internal static string Folder(CliContext context, ParseResult parsed, Option<string?> option) =>
        Path.GetFullPath(parsed.GetValue(option) ?? Path.Combine(context.ProjectDirectory, ".candor"));

    internal static LocalClient Client(CliContext context, ParseResult parsed, Option<string?> option) =>
        LocalTarget.Client(Folder(context, parsed, option));
}
