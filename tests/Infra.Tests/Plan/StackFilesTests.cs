using Candor.Planning;

namespace Candor.Infra.Tests.Planning;

public sealed class StackFilesTests
{
    private const string Project = """
        name: shop
        runtime: dotnet
        config:
          replicas: { type: integer, default: 2 }
          shop:names: { type: array, items: { type: string }, default: [a, b] }
          key: { type: string, secret: true }
          aws:region: eu-west-1
        """;

    [Fact]
    public void Values_of_the_stack_win_over_defaults_of_the_project()
    {
        var settings = Read("config:\n  shop:replicas: 5\n  shop:other: text\n");
        Assert.Equal("5", settings.Config["shop:replicas"]);
        Assert.Equal("""["a","b"]""", settings.Config["shop:names"]);
        Assert.Equal("eu-west-1", settings.Config["aws:region"]);
        Assert.Equal("text", settings.Config["shop:other"]);
        Assert.Empty(settings.SecretKeys);
    }

    [Fact]
    public void Key_without_a_namespace_is_refused_as_Pulumi_refuses_it_and_the_key_is_named()
    {
        var mistake = Assert.Throws<StackFileException>(() => Read("config:\n  replicas: 5\n  shop:other: text\n  more: 1\n"));

        Assert.Contains(
            "\"replicas\", \"more\" have no namespace, expected \"shop:replicas\", \"shop:more\"",
            mistake.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Objects_keep_the_types_that_YAML_gives_them()
    {
        var settings = Read("""
            config:
              shop:health: { port: 8181, ratio: 0.5, on: true, code: "200", version: 1.27.0, none: null }
            """);
        Assert.Equal("""{"port":8181,"ratio":0.5,"on":true,"code":"200","version":"1.27.0","none":null}""", settings.Config["shop:health"]);
    }

    [Theory]
    [InlineData("shop:key: hunter2")]
    [InlineData("shop:key: { secure: AAABAhunter2 }")]
    [InlineData("shop:key: { inner: { secure: AAABAhunter2 } }")]
    public void Secret_is_a_token_however_it_is_given(string line)
    {
        var settings = Read($"config:\n  {line}\n");
        Assert.Contains("shop:key", settings.SecretKeys);
        Assert.Equal("[secret:shop:key]", settings.Config["shop:key"]);
    }

    [Fact]
    public void Secret_within_a_structured_value_is_a_token_in_its_place()
    {
        var settings = Read("""
            config:
              shop:services:
                - name: todo
                  health: { port: 8181 }
                  secretEnv: { JWT_KEY: { secure: AAABAhunter2 }, OTHER: { secure: AAABAhunter3 } }
            """);

        Assert.Equal(
            """[{"name":"todo","health":{"port":8181},"secretEnv":{"JWT_KEY":"[secret:shop:services[0].secretEnv.JWT_KEY]","""
            + "\"OTHER\":\"[secret:shop:services[0].secretEnv.OTHER]\"}}]",
            settings.Config["shop:services"]);
        Assert.Equal(["shop:services"], settings.SecretKeys);
    }

    [Theory]
    [InlineData("config:\n  a: [1, 2\n", "line 3")]
    [InlineData("config:\n  b: 1\n\ta: 1\n", "line 3")]
    [InlineData("config:\n  a: 1\n  a: 2\n", "line 3")]
    [InlineData("- a\n", "line 1, column 1: a list, expected keys and values")]
    [InlineData("confg:\n  a: 1\n", "line 1, column 1: Pulumi.dev.yaml has the unknown key \"confg\", did you mean config?")]
    [InlineData("config: text\n", "line 1, column 9: config is a plain value, expected keys and values")]
    public void Unreadable_file_is_named_with_the_line(string text, string expected)
    {
        var mistake = Assert.Throws<StackFileException>(() => Read(text));
        Assert.Contains("Pulumi.dev.yaml", mistake.Message, StringComparison.Ordinal);
        Assert.Contains(expected, mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Aliases_of_aliases_cannot_ask_for_any_amount_of_memory()
    {
        var lines = Enumerable.Range(1, 30)
            .Select(level => $"  shop:a{level}: &a{level} [*a{level - 1}, *a{level - 1}, *a{level - 1}, *a{level - 1}]\n");
        var mistake = Assert.Throws<StackFileException>(() => Read("config:\n  shop:a0: &a0 [x]\n" + string.Concat(lines)));
        Assert.Contains("expected a setting", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_stack_names_the_nearest()
    {
        using var project = new TemporaryProject();
        var mistake = Assert.Throws<StackFileException>(() => StackFiles.Read(project.Path, "pord", []));
        Assert.Contains("Did you mean prod?", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Stack_name_cannot_leave_the_folder()
    {
        using var project = new TemporaryProject();
        Assert.Throws<StackFileException>(() => StackFiles.Read(project.Path, "../../etc/x", []));
    }

    private static StackSettings Read(string stack)
    {
        using var project = new TemporaryProject();
        project.Write("Pulumi.yaml", Project);
        project.Write("Pulumi.dev.yaml", stack);
        return StackFiles.Read(project.Path, "dev", []);
    }
}
