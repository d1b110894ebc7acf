using System.Text.Json;
using Candor.Planning;

namespace Candor.Infra.Tests.Typings;

/// <summary>
/// Holds a Plan against the official npm packages: compiles it as TypeScript under strict checks of property names, types and closed
/// sets of values, runs it with Pulumi's own mocks to compare type tokens, and validates its Kubernetes objects.
/// </summary>
/// <param name="projectDirectory">The repository, which holds tests/typings.</param>
internal sealed class TypingsCheck(string projectDirectory)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <summary>Installs the npm packages where they are missing, which needs npm and its registry.</summary>
    /// <exception cref="TypingsUnavailableException">node, npm or the registry is missing.</exception>
    public Task InstallAsync(CancellationToken cancellationToken) => TypingsPackages.InstallAsync(projectDirectory, cancellationToken);

    /// <summary>Checks one Plan.</summary>
    /// <exception cref="TypingsUnavailableException">node, npm or the registry is missing.</exception>
    public async Task<TypingsReport> RunAsync(Plan plan, CancellationToken cancellationToken)
    {
        var packages = await TypingsPackages.InstallAsync(projectDirectory, cancellationToken).ConfigureAwait(false);
        var program = TypeScriptRenderer.Render(plan);
        // Below the packages, because that is where modules are looked for.
        var work = Directory.CreateDirectory(Path.Combine(packages, $"check-{Guid.NewGuid():n}")).FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(work, "program.ts"), program.Text, cancellationToken).ConfigureAwait(false);
            await File.WriteAllTextAsync(Path.Combine(work, "objects.json"), KubernetesObjects.Json(plan), cancellationToken)
                .ConfigureAwait(false);
            var answer = await CheckAsync(packages, work, cancellationToken).ConfigureAwait(false);
            return new(program.Declared.Count, [.. Problems(program, answer).Distinct()]);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private async Task<Answer> CheckAsync(string packages, string work, CancellationToken cancellationToken)
    {
        var script = Path.Combine(projectDirectory, "tests", "typings", "check.mjs");
        var (exitCode, output, error) = await NodeTool.RunAsync("node", [script, packages, work], work, cancellationToken)
            .ConfigureAwait(false);
        return exitCode == 0
            ? JsonSerializer.Deserialize<Answer>(output, Options)!
            : throw new TypingsUnavailableException($"The typings check itself failed: {error.Trim()}");
    }

    private static IEnumerable<TypingsProblem> Problems(TypeScriptProgram program, Answer answer)
    {
        foreach (var found in answer.Problems)
        {
            var line = found.Line is { } number && number < program.Lines.Count ? program.Lines[number] : null;
            yield return new(found.Urn ?? line?.Resource ?? "the program", found.Path ?? line?.Property ?? string.Empty, found.Message);
        }

        if (answer.Problems.Any(problem => problem.Line is not null))
        {
            // It was not run.
            yield break;
        }

        var planned = program.Declared.Select(resource => resource.Urn).ToHashSet(StringComparer.Ordinal);
        var declared = answer.Resources.ToLookup(resource => $"{resource.Type}::{resource.Name}", StringComparer.Ordinal);
        var unplanned = answer.Resources.Where(resource => !planned.Contains($"{resource.Type}::{resource.Name}"))
            .ToLookup(resource => resource.Name, StringComparer.Ordinal);
        foreach (var missing in program.Declared.Where(resource => !declared.Contains(resource.Urn)))
        {
            var instead = string.Join(" or ", unplanned[missing.Name].Select(resource => resource.Type));
            yield return new(missing.Urn, string.Empty, $"the official package declares it with the type token {instead}");
        }
    }

    private sealed record Answer(IReadOnlyList<Found> Problems, IReadOnlyList<Declared> Resources);

    private sealed record Found(int? Line, string? Urn, string? Path, string Message);

    private sealed record Declared(string Type, string Name);
}
