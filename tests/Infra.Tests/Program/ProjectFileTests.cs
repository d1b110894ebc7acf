using System.Text;
using Candor.Program.Config;

namespace Candor.Infra.Tests.Program;

/// <summary>Pulumi.yaml and docs/program.md say what the program reads. Set CANDOR_UPDATE_FILES=1 to write them anew.</summary>
public class ProjectFileTests
{
    [Fact]
    public void PulumiYaml_config_is_what_the_program_reads()
    {
        var yaml = new StringBuilder("""
            # The `config:` block is written from infra/Program/Config/ConfigKeys.cs by the tests (CANDOR_UPDATE_FILES=1).
            # Secret keys are not declared here: Pulumi demands a declared key in every stack, and which secrets a stack needs depends
            # on candor:dependencies. docs/program.md lists them.
            name: candor
            description: One health contract, compiled into the service and into the infrastructure that believes it.
            runtime: dotnet
            main: infra/Program
            config:

            """);
        foreach (var key in ConfigKeys.All.Where(key => !key.Secret))
        {
            yaml.AppendLine($"  {key.Name}:");
            yaml.AppendLine($"    type: {key.PulumiType}");
            if (key.Type == ConfigType.List)
            {
                yaml.AppendLine($"    items: {{ type: {(key.Items == ConfigType.Map ? "object" : "string")} }}");
            }

            yaml.AppendLine($"    description: {Quote($"{key.Description} Allowed: {key.Allowed}.")}");
            if (key.Default is { } value)
            {
                yaml.AppendLine($"    default: {(key.Type == ConfigType.Text ? Quote(value) : value)}");
            }
        }

        RepositoryFile.Holds("Pulumi.yaml", yaml.ToString().ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Documentation_lists_every_key()
    {
        var table = new StringBuilder("| key | type | default | allowed | decides |\n|---|---|---|---|---|\n");
        foreach (var key in ConfigKeys.All)
        {
            var fallback = key switch
            {
                { Secret: true } => "secret",
                { Default: null } => "required",
                { Default: "" } => "unset",
                _ => $"`{key.Default}`",
            };
            table.Append(
                $"| `{key.FullName}` | {key.PulumiType} | {fallback} | {key.Allowed.Replace("|", "\\|", StringComparison.Ordinal)} | "
                    + $"{key.Description} |\n");
        }

        RepositoryFile.HoldsBetween("docs/program.md", "<!-- keys -->", "<!-- /keys -->", table.ToString());
    }

    private static string Quote(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
