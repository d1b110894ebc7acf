namespace Candor.Contract.Tests;

public sealed class OperationRouteTextTests
{
    [Theory]
    [InlineData("/orders", "/orders", true)]
    [InlineData("/orders", "/Orders/", true)]
    [InlineData("/orders", "/orders/7", false)]
    [InlineData("/orders/{id}", "/orders/7", true)]
    [InlineData("/orders/{id:guid}", "/orders", false)]
    [InlineData("/orders/{id?}", "/orders", true)]
    [InlineData("/files/{**rest}", "/files/a/b", true)]
    [InlineData("/files/{*rest}", "/files", true)]
    [InlineData("/", "/", true)]
    [InlineData("/", "/a", false)]
    [InlineData("/a/{b}/c", "/a/1/d", false)]
    public void Matches_as_a_route_template_does(string template, string path, bool matches) =>
        Assert.Equal(matches, OperationRouteText.Matches(template, path));

    [Theory]
    [InlineData("POST /orders", true)]
    [InlineData("POST  /orders", false)]
    [InlineData("POST", false)]
    [InlineData("POST ", false)]
    [InlineData(" /orders", false)]
    [InlineData("POST orders", false)]
    [InlineData("POST /or ders", false)]
    [InlineData("POST /}{", false)]
    [InlineData("POST /{a", false)]
    [InlineData("", false)]
    public void Split_reads_a_method_and_a_template_and_nothing_else(string route, bool read) =>
        Assert.Equal(read, OperationRouteText.Split(route) is not null);
}
