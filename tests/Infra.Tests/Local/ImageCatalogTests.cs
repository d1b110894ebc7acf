using Candor.Local;

namespace Candor.Infra.Tests.Local;

public sealed class ImageCatalogTests
{
    [Theory]
    [InlineData("ghcr.io/acme/todo-api:1.0.0", "ghcr.io/acme/todo-api", "todo-api")]
    [InlineData("registry.example:5000/candor/orders", "registry.example:5000/candor/orders", "orders")]
    [InlineData("registry.example:5000/candor/orders:1.2@sha256:0123", "registry.example:5000/candor/orders", "orders")]
    [InlineData("redis@sha256:0123", "redis", "redis")]
    public void Image_is_known_by_its_repository_and_its_last_part(string image, string repository, string last)
    {
        Assert.Equal(repository, ImageName.Repository(image));
        Assert.Equal(last, ImageName.Last(image));
    }

    [Theory]
    [InlineData("todo-api")]
    [InlineData("ghcr.io/acme/todo-api")]
    public void Program_of_ones_own_stands_for_an_image(string name)
    {
        var catalog = Catalog((name, LocalProgram.ByCommand("node server.js")));

        Assert.IsType<CommandImage>(catalog.Resolve("ghcr.io/acme/todo-api:1.0.0"));
    }

    [Fact]
    public void Whole_repository_goes_before_its_last_part_and_before_what_is_known_by_itself()
    {
        var catalog = Catalog(
            ("todo-api", LocalProgram.ByCommand("a")),
            ("ghcr.io/acme/todo-api", LocalProgram.ByCommand("b")),
            ("redis", LocalProgram.ByCommand("keydb-server")));

        Assert.Equal(Catalog(("x", LocalProgram.ByCommand("b"))).Digest("x"), catalog.Digest("ghcr.io/acme/todo-api:2"));
        Assert.Equal(Catalog(("x", LocalProgram.ByCommand("a"))).Digest("x"), catalog.Digest("other/todo-api:2"));
        Assert.IsType<CommandImage>(catalog.Resolve("redis:7"));
    }

    [Fact]
    public void Another_command_is_another_image_so_that_its_pods_roll()
    {
        Assert.NotEqual(Catalog(("x", LocalProgram.ByCommand("a"))).Digest("x"), Catalog(("x", LocalProgram.ByCommand("b"))).Digest("x"));
        Assert.Null(Catalog().Digest("redis:7"));
    }

    [Fact]
    public void Image_that_nothing_stands_for_is_reported_with_the_command_that_fixes_it()
    {
        var error = Assert.Throws<LocalException>(() => Catalog().Resolve("ghcr.io/acme/todo-api:1.0.0"));

        Assert.Contains("'ghcr.io/acme/todo-api:1.0.0'", error.Message, StringComparison.Ordinal);
        Assert.Contains("./candor up --program todo-api=PROGRAM", error.Message, StringComparison.Ordinal);
    }

    private static ImageCatalog Catalog(params (string Image, LocalProgram Program)[] programs) =>
        new(programs.ToDictionary(entry => entry.Image, entry => entry.Program), Path.GetTempPath());
}
