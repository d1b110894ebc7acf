using System.Globalization;
using Candor.Contract;
using Candor.Program.Config;
using Spectre.Console;

namespace Candor.Cli.Init;

/// <summary>Asks for what was found, one line each; an empty answer takes what stands in brackets.</summary>
internal sealed class InitQuestions(CliContext context, TextReader input)
{
    private const int MaximumTries = 5;

    /// <summary>The path of the project.</summary>
    internal string Project() => Ask("The service's project (.csproj), or its folder", string.Empty, text => text.Length == 0 ? "Name it, or stop with Ctrl-C." : null);

    /// <summary>What was found, corrected.</summary>
    internal FoundService Correct(FoundService found)
    {
        var name = Ask("Name, of its objects, alarms and database", found.Name, Refused.Name);
        var image = Ask("Image, without tag", found.Image == $"ghcr.io/example/{found.Name}" ? $"ghcr.io/example/{name}" : found.Image, Refused.Image);
        var port = Ask("Port of users and probes", found.Port.ToString(CultureInfo.InvariantCulture), Refused.Port);
        var dependencies = Ask(
            "What it dials, as NAME=KIND with blanks between, or none",
            found.Dependencies.Count == 0 ? InitOptions.None : string.Join(' ', found.Dependencies.Select(dependency => $"{dependency.Name}={dependency.Kind}")),
            text => InitOptions.Dependencies(text.Split(' ', StringSplitOptions.RemoveEmptyEntries), found.Dependencies, out _));
        _ = InitOptions.Dependencies(dependencies.Split(' ', StringSplitOptions.RemoveEmptyEntries), found.Dependencies, out var chosen);
        return found with { Name = name, Image = image, Port = int.Parse(port, CultureInfo.InvariantCulture), Dependencies = chosen };
    }

    private string Ask(string question, string found, Func<string, string?> refuse)
    {
        for (var attempt = 0; attempt < MaximumTries; attempt++)
        {
            context.Error.Write($"{question}{(found.Length > 0 ? $" [{found}]" : string.Empty)}: ");
            var line = input.ReadLine() ?? throw new UsageException("There is no answer to read. Give options instead; see ./candor init --help.");
            var answer = line.Trim() is { Length: > 0 } text ? text : found;
            if (refuse(answer) is not { } why)
            {
                return answer;
            }

            context.Error.WriteLine(why);
        }

        throw new UsageException($"{question}: no answer could be used. Give it as an option; see ./candor init --help.");
    }
}

/// <summary>Why an answer cannot be taken, or null.</summary>
internal static class Refused
{
    internal static string? Name(string text) =>
        TextForm.ServiceName.Holds(text) ? null : $"The name is '{text}'; it must be {TextForm.ServiceName.Singular}, such as todo-api.";

    internal static string? Image(string text) =>
        TextForm.Image.Holds($"{text}:1") && !text.Contains('@', StringComparison.Ordinal) && !text.Split('/')[^1].Contains(':', StringComparison.Ordinal)
            ? null
            : $"The image is '{text}'; it must be a repository without tag and digest, such as ghcr.io/acme/todo-api.";

    internal static string? Port(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1024 and <= 65535
            ? null
            : $"The port is '{text}'; it must be a number from 1024 to 65535: the pods have no right to the ports below.";
}

/// <summary>Options of <c>./candor init</c> as values.</summary>
internal static class InitOptions
{
    /// <summary>The word for no dependency at all.</summary>
    internal const string None = "none";

    /// <summary>Reads <c>NAME=KIND</c>s; a name that was found keeps what is known of it. The answer is why they cannot be taken, or null.</summary>
    internal static string? Dependencies(string[] words, IReadOnlyList<Dependency> found, out IReadOnlyList<Dependency> chosen)
    {
        var list = new List<Dependency>();
        chosen = list;
        foreach (var word in words.Where(word => word != None))
        {
            var at = word.IndexOf('=', StringComparison.Ordinal);
            var (name, kind) = at > 0 ? (word[..at], word[(at + 1)..]) : (KnownPackages.NameOf(word), word);
            // postgresql, RabbitMQ and redis are what people write.
            kind = KnownPackages.Kinds.FirstOrDefault(known => known.Equals(kind, StringComparison.OrdinalIgnoreCase)) ?? (kind == "postgresql" ? DependencyKind.Postgres : kind);
            list.Add(found.FirstOrDefault(dependency => (dependency.Name, dependency.Kind) == (name, kind)) ?? KnownPackages.Dependency(name, kind));
        }

        var violations = ContractValidator.Validate(new HealthContract { Dependencies = [.. list] });
        return violations.Count == 0
            ? null
            : $"{string.Join(' ', words)}: {violations[0].Path} is {violations[0].Found}; expected {violations[0].Expected}. Write NAME=KIND, such as database=postgres; kinds: {string.Join(", ", KnownPackages.Kinds)}.";
    }
}
